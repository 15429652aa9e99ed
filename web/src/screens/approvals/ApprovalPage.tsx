import { getRouteApi } from '@tanstack/react-router'
import { ApprovalDetail } from './ApprovalDetail'

const route = getRouteApi('/shell/approvals/$id')

/** An approval on a page of its own. */
export function ApprovalPage() {
  const { id } = route.useParams()
  return <ApprovalDetail id={id} />
}
