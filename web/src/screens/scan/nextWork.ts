interface Order {
  status: string
  assignees: { id: string }[] | null
}

/** Which open order to show first: the person's own that runs, then the own next one, then what anybody may take, then the first due. */
export function firstFor<T extends Order>(orders: readonly T[], person: string): T | undefined {
  const mine = (order: T) => (order.assignees ?? []).some((each) => each.id === person)
  return (
    orders.find((order) => mine(order) && order.status === 'in_progress') ??
    orders.find(mine) ??
    orders.find((order) => (order.assignees ?? []).length === 0 && (order.status === 'approved' || order.status === 'scheduled')) ??
    orders[0]
  )
}
