import { Board } from './Board'
import { Calendar } from './Calendar'
import { Split } from './Split'
import { useWorkOrderSearch } from './useWorkOrders'

/** Work orders as list, board or calendar. */
export function WorkOrders() {
  const { search } = useWorkOrderSearch()
  if (search.view === 'board') return <Board />
  return search.view === 'calendar' ? <Calendar /> : <Split />
}
