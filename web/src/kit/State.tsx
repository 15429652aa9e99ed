import { useTranslation } from 'react-i18next'
import { Glyph } from './glyphs'
import { MetTooltip } from './MetTooltip'
import classes from './State.module.css'
import { lookOf, type StateNoun } from './states'

interface StateProps {
  noun: StateNoun
  state: string
  /** Stands after the word: «3 h 12 min». */
  more?: string
}

/** A state as glyph, tone and word: the one badge of the application. */
export function State({ noun, state, more }: StateProps) {
  const { t } = useTranslation('states')
  const [glyph, tone] = lookOf(noun, state)
  return (
    <span className={classes.badge} data-tone={tone}>
      <Glyph name={glyph} />
      {t(`${noun}.${state}`)}
      {more ? ` ${more}` : null}
    </span>
  )
}

/** The glyph alone for a dense row; its word is in the tooltip and in the accessible name. */
export function StateGlyph({ noun, state, size = 16 }: StateProps & { size?: number }) {
  const { t } = useTranslation('states')
  const [glyph, tone] = lookOf(noun, state)
  const word = t(`${noun}.${state}`)
  return (
    <MetTooltip label={word} className={classes.glyph} data-tone={tone}>
      <Glyph name={glyph} size={size} label={word} />
    </MetTooltip>
  )
}

const heights = { low: 1, medium: 2, high: 3, critical: 4 } as const

const bars = [0, 1, 2, 3, 4].map((filled) =>
  [0, 1, 2, 3].map((bar) => <rect key={bar} x={1 + bar * 3.7} y={11 - bar * 2.8} width="2.6" height={4 + bar * 2.8} rx="0.6" fill={bar < filled ? 'currentColor' : 'var(--ms-line-2)'} />),
)

/** Four bars, filled from the left; critical is red. */
export function Priority({ value, word = false }: { value: string; word?: boolean }) {
  const { t } = useTranslation('states')
  const filled = heights[value as keyof typeof heights] ?? 0
  const text = t(`priority.${value}`)
  return (
    <span className={classes.priority} data-critical={value === 'critical' || undefined}>
      <svg width="16" height="16" viewBox="0 0 16 16" role={word ? undefined : 'img'} aria-label={word ? undefined : text} aria-hidden={word || undefined}>
        {bars[filled]}
      </svg>
      {word ? text : null}
    </span>
  )
}
