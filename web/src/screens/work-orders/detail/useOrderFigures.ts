import { useQuery } from '@tanstack/react-query'
import { useMay } from '../../../api/me'
import type { Money } from '../../../kit/figures'
import { costsQuery, filesQuery, laborQuery } from './order'
import { sum } from './sums'

/** Hours, costs and files of an order with their sums; what the person may not read is undefined. */
export function useOrderFigures(id: string) {
  const may = useMay()
  const labor = useQuery(laborQuery(id)).data
  const costs = useQuery({ ...costsQuery(id), enabled: may('costs.read') }).data
  const files = useQuery({ ...filesQuery('work_order', id), enabled: may('attachments.read') }).data
  const hours = sum((labor ?? []).map((entry) => entry.hours))
  const spent = [...(labor ?? []).map((entry) => entry.amount), ...(costs ?? []).map((cost) => cost.amount)]
  const currency = spent.find(Boolean)?.currency
  const cost: Money | undefined = may('costs.read') && currency ? { amount: sum(spent.map((amount) => amount?.amount)), currency } : undefined
  return { labor, costs, files, hours, cost }
}
