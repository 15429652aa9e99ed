import { Tooltip } from '@mantine/core'
import { type HTMLAttributes, useState } from 'react'

/** A span with a tooltip that is made when the pointer first comes: a list has one in every row, and few of them ever meet a pointer. */
export function MetTooltip({ label, ...span }: { label: string } & HTMLAttributes<HTMLSpanElement>) {
  const [met, setMet] = useState(false)
  const drawn = <span {...span} onPointerEnter={met ? undefined : () => setMet(true)} />
  return met ? <Tooltip label={label}>{drawn}</Tooltip> : drawn
}
