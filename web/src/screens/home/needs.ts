import type { Need } from '../../api/dashboard'
import type { GlyphName } from '../../kit/glyphs'
import type { Tone } from '../../theme/theme'

/** What a row does: a command right here, the choice of one, or the way to its page. */
export type Act = 'assign' | 'approve' | 'decide' | 'resume' | 'close' | 'open' | 'skip_or_plan'

/** How a thing that waits looks, and the word of the command that helps it: `home:act.<act>`. */
export interface NeedLook {
  glyph: GlyphName
  tone: Tone
  act: Act
}

const looks: Record<Need['code'], NeedLook> = {
  overdue_unassigned: { glyph: 'triangle', tone: 'red', act: 'assign' },
  overdue_mine: { glyph: 'triangle', tone: 'red', act: 'open' },
  approval: { glyph: 'dashed-dot', tone: 'amber', act: 'approve' },
  request: { glyph: 'dashed-dot', tone: 'amber', act: 'decide' },
  occurrence_missed: { glyph: 'dashed-x', tone: 'red', act: 'skip_or_plan' },
  due_mine: { glyph: 'clock', tone: 'blue', act: 'open' },
  schedule_paused: { glyph: 'pause', tone: 'amber', act: 'resume' },
  closing: { glyph: 'disc-check', tone: 'green', act: 'close' },
}

export const lookOfNeed = (need: Need): NeedLook => looks[need.code] ?? { glyph: 'ring', tone: 'neutral', act: 'open' }

/** What waits, and its page. */
export function subjectOf(need: Need): { id: string; number: string; title: string; href: string } | undefined {
  const kinds = [
    [need.work_order, '/work-orders/'],
    [need.work_request, '/requests/'],
    [need.maintenance_schedule, '/schedules/'],
  ] as const
  for (const [ref, path] of kinds) if (ref) return { id: ref.id, number: ref.number ?? '', title: ref.name, href: path + ref.id }
  return undefined
}
