import { sum } from '../work-orders/detail/sums'
import { negated } from '../stock/movements'

/** Whether what is free has come down to the point at which one orders again. */
export function isLow({ available, reorder_point }: { available: string; reorder_point?: string }): boolean {
  if (reorder_point === undefined) return false
  const above = sum([available, negated(reorder_point)])
  return above === '0' || above.startsWith('-')
}
