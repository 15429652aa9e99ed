import { getRouteApi } from '@tanstack/react-router'
import { usePhone } from '../../../kit/usePhone'
import { WorkOrderDetail } from './WorkOrderDetail'
import classes from './WorkOrderPage.module.css'

const route = getRouteApi('/shell/work-orders/$id')

/** A work order on a page of its own. */
export function WorkOrderPage() {
  const { id } = route.useParams()
  const { part } = route.useSearch()
  const navigate = route.useNavigate()
  const phone = usePhone()
  return (
    <div className={classes.page} data-phone={phone || undefined}>
      <WorkOrderDetail id={id} tab={part} onTab={(next) => void navigate({ search: { part: next }, replace: true })} />
    </div>
  )
}
