import type { Schemas } from '../../api/client'

export type Start = Schemas['Start']
export type StartPart = Schemas['StartPart']

/** Whether a part is on its way. */
export const isMoving = ({ status }: StartPart) => status === 'waiting' || status === 'building' || status === 'starting'

/** How far a stack is: the parts that run, of those that are to run, and the share of the way with what is half built. */
export function reached(parts: StartPart[]) {
  const wanted = parts.filter(({ status }) => status !== 'left_out')
  const up = wanted.filter(({ status }) => status === 'ready').length
  const built = wanted.reduce((sum, part) => sum + builtOf(part), 0)
  const builds = wanted.filter(({ status }) => status === 'building').toSorted((a, b) => (b.seconds_left ?? 0) - (a.seconds_left ?? 0))[0]
  return { up, all: wanted.length, share: wanted.length ? (up + built) / wanted.length : 0, moving: wanted.some(isMoving), builds }
}

/** The share of a part's program that is compiled; 0 where none is. */
export const builtOf = ({ status, done = 0, total = 0 }: StartPart) => (status === 'building' && total > 0 ? done / total : 0)

/** Whether it took so long to be ready that a tenth of a second says it. */
export const tellsSeconds = ({ seconds = 0 }: StartPart) => seconds >= 0.05

/** Whether what carries out commands runs. */
export const takesCommands = (parts: StartPart[]) => parts.every(({ name, status }) => status === 'ready' || (name !== 'temporal' && name !== 'worker'))

/** Whether the people of the demo company are there to sign in, or will never be. */
export const hasPeople = (parts: StartPart[]) => !parts.some((part) => part.name === 'demo' && isMoving(part))
