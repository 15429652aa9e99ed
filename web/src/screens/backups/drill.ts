import type { Schemas } from '../../api/client'

export type Drill = Schemas['RestoreDrill']

/** What can be spoilt on purpose. */
export const faults = ['missing_segment', 'flipped_byte', 'wrong_key', 'truncated_dump'] as const

/** What a drill found, or how far it is. One that spoils something on purpose is to find it: red is then what it has to be. */
export function stateOf({ status, verdict, fault, fault_found }: Drill) {
  if (!fault || status !== 'completed') return verdict ?? status
  if (fault_found == null) return 'inconclusive'
  return fault_found ? 'found' : 'missed'
}
