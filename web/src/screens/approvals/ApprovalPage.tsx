import { getRouteApi } from '@tanstack/react-router'
import { ApprovalDetail } from './ApprovalDetail'
import classes from './ApprovalDetail.module.css'

const route = getRouteApi('/shell/approvals/$id')

/** An approval on a page of its own. */
export function ApprovalPage() {
  const { id } = route.useParams()
  return (
    <div className={classes.page}>
      <ApprovalDetail id={id} />
    </div>
  )
}
