import { Board } from './Board'
import { Split } from './Split'
import { useWorkOrderSearch } from './useWorkOrders'

/** Work orders as list, board or calendar. */
export function WorkOrders() {
  const { search } = useWorkOrderSearch()
  return search.view === 'board' ? <Board /> : <Split />
}
