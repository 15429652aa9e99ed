import { Portal } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './DragGhost.module.css'
import type { Lifted } from './useDrag'

/** The lifted card under the pointer. */
export function DragGhost<Item>({ lifted, children }: { lifted: Lifted<Item>; children: ReactNode }) {
  if (lifted.keys) return null
  return (
    <Portal>
      <div className={classes.ghost} aria-hidden style={{ width: lifted.width, transform: `translate(${lifted.x}px, ${lifted.y}px) rotate(-1deg)` }}>
        {children}
      </div>
    </Portal>
  )
}
