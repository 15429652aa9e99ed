import { getRouteApi } from '@tanstack/react-router'
import classes from './RequestDetail.module.css'
import { RequestDetail } from './RequestDetail'

const route = getRouteApi('/shell/requests/$id')

/** A request on a page of its own. */
export function RequestPage() {
  const { id } = route.useParams()
  return (
    <div className={classes.page}>
      <RequestDetail id={id} />
    </div>
  )
}
