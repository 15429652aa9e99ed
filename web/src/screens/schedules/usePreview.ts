import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { daysBetween } from '../../kit/figures'
import { type DueDate, previewUntil } from './dates'
import { type Draft, faultsOf, rruleOfDraft } from './draft'
import { forecastQuery, previewQuery } from './queries'

export interface PreviewState {
  /** Undefined until the form says enough for dates. */
  dates: DueDate[] | undefined
  /** What the saved rule gives, for the same days. */
  saved: DueDate[] | undefined
  /** Older dates are shown while the new ones are worked out. */
  waiting: boolean
  error: Error | null
  retry: () => void
  /** Days between the first two dates; undefined for fewer. */
  cycle: number | undefined
}

const typingPause = 250

/**
 * The dates of a draft, worked out by the server a moment after the last change; the old ones stay until the new ones
 * are there. A stored schedule without changes shows what it really has ahead, with what was moved and skipped.
 */
export function usePreview(draft: Draft, saved: Draft | undefined, unchanged: string | undefined, from: string): PreviewState {
  const [late] = useDebouncedValue(draft, typingPause)
  const { title: _, ...lacks } = faultsOf(late)
  const ready = !lacks.place && !lacks.rule && !lacks.startsOn && !lacks.meter && !lacks.every
  const until = previewUntil(rruleOfDraft(late), from)
  const drafted = useQuery({ ...previewQuery(late, until), enabled: ready && !unchanged, placeholderData: keepPreviousData })
  const forecast = useQuery({ ...forecastQuery(unchanged ?? '', until), enabled: unchanged !== undefined, placeholderData: keepPreviousData })
  const before = useQuery({ ...previewQuery(saved ?? late, until), enabled: saved !== undefined && !unchanged, placeholderData: keepPreviousData })
  const now = unchanged ? forecast : drafted
  const dates = ready || unchanged ? now.data : undefined
  const [first, second] = dates ?? []
  return {
    dates,
    saved: saved && !unchanged ? before.data : undefined,
    waiting: now.isFetching || late !== draft,
    error: ready || unchanged ? now.error : null,
    retry: () => void now.refetch(),
    cycle: first && second ? daysBetween(first.due_on, second.due_on) : undefined,
  }
}
