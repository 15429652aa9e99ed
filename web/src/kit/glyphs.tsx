import type { ReactNode } from 'react'

/**
 * The family of state glyphs: 16 px grid, stroke 1.6. The shape says how far a thing is: dashed ring (not allowed yet),
 * ring (free to go), clock hands, half pie, filled disc (over).
 */
export type GlyphName =
  | 'dashed-dot'
  | 'dashed-square'
  | 'dashed-x'
  | 'dashed-bang'
  | 'ring'
  | 'ring-check'
  | 'ring-slash'
  | 'ring-stop'
  | 'dotted'
  | 'clock'
  | 'half'
  | 'pause'
  | 'bars'
  | 'disc-check'
  | 'disc-lock'
  | 'disc-x'
  | 'triangle'
  | 'octagon'
  | 'arrows'
  | 'hook'
  | 'double'
  | 'plane'
  | 'box-half'
  | 'box-check'
  | 'lock'
  | 'hourglass'
  | 'moon'
  | 'wrench'
  | 'spinner'

const ring = <circle cx="8" cy="8" r="6" />
const dashed = <circle cx="8" cy="8" r="6" strokeDasharray="2.6 2.1" />
const dotted = <circle cx="8" cy="8" r="6" strokeDasharray="0.1 2.6" strokeLinecap="round" />
const disc = <circle cx="8" cy="8" r="6.6" fill="currentColor" stroke="none" />
const hole = 'var(--ms-glyph-hole, var(--ms-surface))'
const box = <path d="M8 1.8 13.4 4.9v6.2L8 14.2l-5.4-3.1V4.9Z" />

const shapes: Record<GlyphName, ReactNode> = {
  'dashed-dot': <>{dashed}<circle cx="8" cy="8" r="1.7" fill="currentColor" stroke="none" /></>,
  'dashed-square': <>{dashed}<rect x="5.8" y="5.8" width="4.4" height="4.4" rx="0.6" /></>,
  'dashed-x': <>{dashed}<path d="m6 6 4 4m0-4-4 4" /></>,
  'dashed-bang': <>{dashed}<path d="M8 4.8v3.8M8 11v.2" strokeLinecap="round" /></>,
  ring,
  'ring-check': <>{ring}<path d="m5.4 8.2 1.8 1.8 3.4-3.8" /></>,
  'ring-slash': <>{ring}<path d="m4 12 8-8" /></>,
  'ring-stop': <>{ring}<rect x="5.8" y="5.8" width="4.4" height="4.4" rx="0.6" fill="currentColor" stroke="none" /></>,
  dotted,
  clock: <>{ring}<path d="M8 4.6V8l2.4 1.6" strokeLinecap="round" /></>,
  half: <>{ring}<path d="M8 3.6a4.4 4.4 0 0 1 0 8.8Z" fill="currentColor" stroke="none" /></>,
  pause: <>{ring}<path d="M6.5 5.8v4.4M9.5 5.8v4.4" strokeLinecap="round" /></>,
  bars: <path d="M5.5 3.5v9M10.5 3.5v9" strokeLinecap="round" strokeWidth="2" />,
  'disc-check': <>{disc}<path d="m5.2 8.2 1.9 1.9 3.7-4" stroke={hole} /></>,
  'disc-lock': <>{disc}<rect x="5.4" y="7.4" width="5.2" height="3.8" rx="0.7" fill={hole} stroke="none" /><path d="M6.4 7.4V6.2a1.6 1.6 0 0 1 3.2 0v1.2" stroke={hole} strokeWidth="1.2" /></>,
  'disc-x': <>{disc}<path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" stroke={hole} /></>,
  triangle: <><path d="M8 2.2 14.4 13.4H1.6Z" strokeLinejoin="round" /><path d="M8 6.4v3M8 11.4v.1" strokeLinecap="round" /></>,
  octagon: <><path d="M5.4 1.9h5.2l3.5 3.5v5.2l-3.5 3.5H5.4l-3.5-3.5V5.4Z" strokeLinejoin="round" /><path d="M8 4.8v3.8M8 11v.1" strokeLinecap="round" /></>,
  arrows: <><path d="M13.4 6.4A5.8 5.8 0 0 0 3 5.2M2.6 9.6A5.8 5.8 0 0 0 13 10.8" strokeLinecap="round" /><path d="M3 2.4v2.9h2.9M13 13.6v-2.9h-2.9" strokeLinecap="round" strokeLinejoin="round" /></>,
  hook: <path d="M5.6 3.2 2.6 6.2l3 3M2.8 6.2h7a3.3 3.3 0 0 1 0 6.6H7.4" strokeLinecap="round" strokeLinejoin="round" />,
  double: <path d="m3 4 4.4 4L3 12M8.6 4 13 8l-4.4 4" strokeLinecap="round" strokeLinejoin="round" />,
  plane: <path d="M14 2 2 7l4.6 2.2L9 14ZM6.6 9.2 14 2" strokeLinejoin="round" />,
  'box-half': <>{box}<path d="M8 8v6.2l5.4-3.1V4.9Z" fill="currentColor" stroke="none" /></>,
  'box-check': <><path d="M8 1.8 13.4 4.9v6.2L8 14.2l-5.4-3.1V4.9Z" fill="currentColor" /><path d="m5.4 8.2 1.8 1.8 3.4-3.8" stroke={hole} /></>,
  lock: <><rect x="3.4" y="7.2" width="9.2" height="6.2" rx="1.2" /><path d="M5.2 7V5.2a2.8 2.8 0 0 1 5.6 0V7" /></>,
  hourglass: <path d="M4 2h8M4 14h8M5 2v2.2L8 8l3-3.8V2M5 14v-2.2L8 8l3 3.8V14" strokeLinejoin="round" />,
  moon: <path d="M13 9.4A5.6 5.6 0 1 1 6.6 3a4.6 4.6 0 0 0 6.4 6.4Z" strokeLinejoin="round" />,
  wrench: <path d="M13.4 4.4a3.4 3.4 0 0 1-4.6 4.2L4.4 13a1.4 1.4 0 0 1-2-2l4.4-4.4A3.4 3.4 0 0 1 11 2L9 4l.6 2.4L12 7Z" strokeLinejoin="round" />,
  spinner: <path d="M8 2a6 6 0 1 1-6 6" strokeLinecap="round" />,
}

/** Draws one glyph in the color of its text. `label` names it where no word stands beside it. */
export function Glyph({ name, size = 14, label }: { name: GlyphName; size?: number; label?: string }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth={1.6} role={label ? 'img' : undefined} aria-label={label} aria-hidden={label ? undefined : true} style={{ flex: 'none' }}>
      {shapes[name]}
    </svg>
  )
}
