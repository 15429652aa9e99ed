import { useRef } from 'react'
import { useOfferUndo } from '../detail/undo'
import { type OrderMove, useOrderMove } from './useOrderMove'

/** Moves orders between days and people, and offers for 8 s to take it back. */
export function usePlanMove(): OrderMove {
  const offer = useOfferUndo()
  const back = useRef<OrderMove>(null)
  const move = useOrderMove((before, name, after) => {
    // The answer has a new version; the undo is meant for that one.
    offer(before, name, after, (body) => back.current?.run(after, name, body))
  })
  back.current = move
  return move
}
