import { useMediaQuery } from '@mantine/hooks'
import { IconChevronRight } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, type ReactNode, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react'
import classes from './Tree.module.css'
import { siblings, type TreeRow, treeMove } from './tree'

interface TreeProps<Row extends TreeRow> {
  /** Visible rows from top to bottom; the caller opens and closes. */
  rows: readonly Row[]
  label: string
  /** The row of the record that is shown beside; it is scrolled into view when it changes. */
  selected?: string
  onToggle: (row: Row) => void
  onOpen: (row: Row) => void
  /** Address of a row, so that it can be opened in another tab. */
  href?: (row: Row) => string | undefined
  children: (row: Row) => ReactNode
}

/**
 * A tree of any size: only the rows in sight exist. One tab stop; arrows move, right opens and goes in, left closes and
 * goes out, Enter opens the record. The rows fill the height that the parent gives.
 */
export function Tree<Row extends TreeRow>({ rows, label, selected, onToggle, onOpen, href, children }: TreeProps<Row>) {
  const box = useRef<HTMLDivElement>(null)
  const name = useId()
  const touch = useMediaQuery('(pointer: coarse)', undefined, { getInitialValueInEffect: false })
  const height = touch ? 44 : 28
  const [focused, setFocused] = useState<string>()
  const places = useMemo(() => siblings(rows), [rows])
  const found = rows.findIndex((row) => row.id === (focused ?? selected))
  const at = found < 0 ? 0 : found
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => height, overscan: 12, getItemKey: useCallback((index: number) => rows[index]?.id ?? index, [rows]) })

  const selectedAt = rows.findIndex((row) => row.id === selected)
  const seen = useRef<string>(undefined)
  useEffect(() => {
    if (selectedAt < 0 || seen.current === selected) return
    seen.current = selected
    virtual.scrollToIndex(selectedAt, { align: 'auto' })
  }, [selected, selectedAt, virtual])

  function act(index: number, act: (row: Row) => void) {
    const row = rows[index]
    if (row) act(row)
  }

  function press(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const move = treeMove(event.key, rows, at)
    if (!move) return
    event.preventDefault()
    event.stopPropagation()
    if ('toggle' in move) act(move.toggle, onToggle)
    else if ('open' in move) act(move.open, onOpen)
    else {
      setFocused(rows[move.focus]?.id)
      virtual.scrollToIndex(move.focus, { align: 'auto' })
    }
  }

  function click(event: MouseEvent, row: Row) {
    setFocused(row.id)
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    onOpen(row)
  }

  return (
    <div ref={box} className={classes.box} role="tree" aria-label={label} tabIndex={0} aria-activedescendant={rows.length > 0 ? `${name}${at}` : undefined} onKeyDown={press}>
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]
          if (!row) return null
          const address = href?.(row)
          const Row = address ? 'a' : 'div'
          return (
            <Row
              key={item.key}
              id={`${name}${item.index}`}
              className={classes.row}
              role="treeitem"
              href={address}
              tabIndex={-1}
              draggable={false}
              aria-level={row.level + 1}
              aria-expanded={row.expandable ? row.expanded : undefined}
              aria-selected={row.id === selected}
              aria-posinset={places[item.index]?.position}
              aria-setsize={places[item.index]?.size}
              data-at={item.index === at || undefined}
              style={{ height, transform: `translateY(${item.start}px)`, paddingInlineStart: 8 + row.level * 13 }}
              onClick={(event: MouseEvent) => click(event, row)}
            >
              <span
                className={classes.toggle}
                data-open={row.expanded || undefined}
                aria-hidden
                onClick={(event) => {
                  if (!row.expandable) return
                  event.preventDefault()
                  event.stopPropagation()
                  setFocused(row.id)
                  onToggle(row)
                }}
              >
                {row.expandable ? <IconChevronRight size={14} stroke={1.75} /> : null}
              </span>
              {children(row)}
            </Row>
          )
        })}
      </div>
    </div>
  )
}
