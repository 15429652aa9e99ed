import { type KeyboardEvent, type PointerEvent as ReactPointerEvent, useCallback, useEffect, useRef, useState } from 'react'

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'

interface DragRules<Item> {
  /** The targets that take it now; all others refuse. */
  takes: (item: Item, target: string) => boolean
  /** The next target that takes it in a direction, from where it is over now; undefined stays. */
  neighbor: (item: Item, from: string | undefined, arrow: Arrow) => string | undefined
  onDrop: (item: Item, target: string) => void
}

export interface Lifted<Item> {
  item: Item
  /** The target below it, whether it takes it or not. */
  over?: string
  /** By keyboard: there is nothing under a pointer to draw. */
  keys: boolean
  /** Where the lifted card is drawn, in px of the window. */
  x: number
  y: number
  width: number
}

const slack = 6

const targetBelow = (x: number, y: number): string | undefined =>
  document.elementsFromPoint(x, y).map((element) => element.closest<HTMLElement>('[data-drop]')).find(Boolean)?.dataset.drop

/**
 * Drag as a command, by mouse and by keyboard: a press that moves lifts a card, Space lifts the focused one; arrows go
 * over targets that take it, Space or the release drops, Esc puts it back. Targets carry `data-drop`. Fingers scroll;
 * for them each move stands in the card's menu.
 */
export function useDrag<Item>(rules: DragRules<Item>) {
  const [lifted, setLifted] = useState<Lifted<Item> | null>(null)
  const latest = useRef({ rules, lifted })
  latest.current = { rules, lifted }
  const stop = useRef<() => void>(undefined)

  const drop = useCallback(() => {
    const { rules: now, lifted: held } = latest.current
    setLifted(null)
    if (held?.over !== undefined && now.takes(held.item, held.over)) now.onDrop(held.item, held.over)
  }, [])

  useEffect(() => () => stop.current?.(), [])
  useEffect(() => {
    if (!lifted) return
    const escape = (event: globalThis.KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      event.stopPropagation()
      stop.current?.()
      setLifted(null)
    }
    document.addEventListener('keydown', escape, true)
    return () => document.removeEventListener('keydown', escape, true)
  }, [lifted])

  const press = (item: Item) => (event: ReactPointerEvent<HTMLElement>) => {
    if (event.button !== 0 || event.pointerType === 'touch') return
    const card = event.currentTarget.getBoundingClientRect()
    const from = { x: event.clientX, y: event.clientY }
    let moving = false
    const move = (now: PointerEvent) => {
      if (!moving && Math.hypot(now.clientX - from.x, now.clientY - from.y) < slack) return
      moving = true
      now.preventDefault()
      getSelection()?.removeAllRanges()
      setLifted({ item, keys: false, over: targetBelow(now.clientX, now.clientY), x: card.x + now.clientX - from.x, y: card.y + now.clientY - from.y, width: card.width })
    }
    const release = () => {
      stop.current?.()
      if (!moving) return
      // The release of a drag is also a click on what lies below; that one is not meant.
      const swallow = (click: MouseEvent) => (click.preventDefault(), click.stopPropagation())
      addEventListener('click', swallow, { capture: true, once: true })
      setTimeout(() => removeEventListener('click', swallow, true))
      drop()
    }
    stop.current = () => {
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', release)
      removeEventListener('pointercancel', cancel)
    }
    const cancel = () => {
      stop.current?.()
      setLifted(null)
    }
    addEventListener('pointermove', move)
    addEventListener('pointerup', release)
    addEventListener('pointercancel', cancel)
  }

  const key = (item: Item) => (event: KeyboardEvent<HTMLElement>) => {
    const held = latest.current.lifted
    if (event.key === ' ') {
      event.preventDefault()
      if (held?.keys) drop()
      else setLifted({ item, keys: true, over: undefined, x: 0, y: 0, width: 0 })
    } else if (held?.keys && event.key.startsWith('Arrow')) {
      event.preventDefault()
      event.stopPropagation()
      const over = rules.neighbor(held.item, held.over, event.key as Arrow) ?? held.over
      setLifted({ ...held, over })
      if (over) document.querySelector(`[data-drop="${CSS.escape(over)}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    }
  }

  return {
    lifted,
    /** For the card: what lifts it. Links in it must not be dragged by the browser. */
    card: (item: Item) => ({ onPointerDown: press(item), onKeyDown: key(item), onDragStart: (event: { preventDefault: () => void }) => event.preventDefault() }),
    /** For a target: its name, whether it takes what is lifted, and whether that is over it. */
    target: (name: string) => ({
      'data-drop': name,
      'data-takes': lifted ? rules.takes(lifted.item, name) : undefined,
      'data-over': lifted?.over === name || undefined,
    }),
  }
}
