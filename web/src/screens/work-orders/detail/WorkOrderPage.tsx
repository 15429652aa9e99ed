import { getRouteApi } from '@tanstack/react-router'
import { usePhone } from '../../../kit/usePhone'
import { PhoneWorkOrder } from './PhoneWorkOrder'
import { WorkOrderDetail } from './WorkOrderDetail'
import classes from './WorkOrderPage.module.css'

const route = getRouteApi('/shell/work-orders/$id')

/** A work order on a page of its own: the technician's at the phone, all of it at the desk. */
export function WorkOrderPage() {
  const { id } = route.useParams()
  const { part } = route.useSearch()
  const navigate = route.useNavigate()
  const phone = usePhone()
  if (phone) return <PhoneWorkOrder id={id} part={part} onPart={(next) => void navigate({ search: { part: next } })} />
  return (
    <div className={classes.page}>
      <WorkOrderDetail id={id} tab={part} onTab={(next) => void navigate({ search: { part: next }, replace: true })} />
    </div>
  )
}
