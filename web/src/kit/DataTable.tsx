import { IconArrowDown, IconArrowUp, IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, memo, type ReactNode, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './DataTable.module.css'
import { Failed, useLoading } from './ScreenStates'
import { TableRow } from './TableRow'
import { chosenColumns, fittingColumns, itemsOf, nextSort, type TableColumn, type TableItem } from './tableItems'
import type { Pages } from './usePages'
import { useTableKeys } from './useTableKeys'
import { usePhone } from './usePhone'
import { useRowHeight } from './useRowHeight'
import { useWidth } from './useWidth'

export type { TableColumn } from './tableItems'

/** What usePages answers with has the names of the props that show it: a list is passed on whole, `{...pages}`. */
export interface DataTableProps<Row> extends Partial<Pages<Row>> {
  /** What the table lists, for who cannot see it. */
  label: string
  columns: TableColumn<Row>[]
  /** Keys of the columns shown, comma between; undefined shows all that are not extra. */
  shown?: string
  id: (row: Row) => string
  /** What a row is called aloud, «4187 CR-301 mantle loose». */
  name: (row: Row) => string
  /** The state at the left; the checkbox takes its place on hover. */
  glyph?: (row: Row) => ReactNode
  /** Rows of one key stand together under a head; the order of `rows` must keep them together. */
  groupOf?: (row: Row) => string
  /** `whole`: all rows of the group were read. */
  groupHead?: (key: string, rows: Row[], whole: boolean) => { title: ReactNode; count?: ReactNode; figure?: ReactNode }
  sort?: string
  onSort?: (sort: string) => void
  /** Shown when there are no rows. */
  empty?: ReactNode
  /** The row that is open beside the table. */
  current?: string
  /** Enter and double click; without `onBeside` a click too. */
  onOpen?: (row: Row) => void
  /** A click and the key o. */
  onBeside?: (row: Row) => void
  /** Esc when nothing is selected. */
  onEscape?: () => void
  selected?: ReadonlySet<string>
  onSelected?: (ids: Set<string>) => void
  /** Up to two commands at the right of the row under the pointer. */
  rowCommands?: (row: Row) => ReactNode
  /** The row on a phone, and where the table is narrow: two lines. */
  phone?: (row: Row) => ReactNode
  /** The rows are the phone's at any size: something is open beside the table. */
  narrow?: boolean
  /** Remembered scroll position; unique in the application. */
  scrollId: string
}

const none: ReadonlySet<string> = new Set()
const glyphWidth = 28
const phoneRow = 64
const edge = 32

/** A list of any length: virtual rows, groups, sorting by the server, and the keyboard map of the design. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { t } = useTranslation('kit')
  const { columns, shown, rows, id, groupOf, sort, more = false, onVisible, selected = none } = props
  const [folded, setFolded] = useState<ReadonlySet<string>>(none)
  const [active, setActive] = useState<number>(-1)
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null)
  const grid = useId()
  const width = useWidth(scroller)
  const onPhone = usePhone()
  const phone = (onPhone || props.narrow === true) && Boolean(props.phone)
  const rowHeight = useRowHeight()
  const height = phone ? phoneRow : rowHeight

  const idOf = useRef(id)
  idOf.current = id
  const items = useMemo(() => itemsOf(rows ?? [], groupOf, folded, more), [rows, groupOf, folded, more])
  const lead = props.glyph || props.onSelected ? glyphWidth : 0
  const fitting = useMemo(() => fittingColumns(chosenColumns(columns, shown), width || Number.POSITIVE_INFINITY, lead + edge), [columns, shown, width, lead])
  const template = [...(lead ? [`${lead}px`] : []), ...fitting.map((column) => (column.width ? `${column.width}px` : 'minmax(0, 1fr)'))].join(' ')

  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller,
    estimateSize: (at) => (items[at]?.kind === 'group' ? 32 : height),
    // The same as long as the lines are: with another one, the places of all of them are reckoned anew, at each step of a scroll.
    getItemKey: useCallback(
      (at: number) => {
        const item = items[at]
        return item?.kind === 'row' ? idOf.current(item.row) : `group ${item ? idOf.current(item.rows[0] as Row) : at}`
      },
      [items],
    ),
    overscan: 8,
    scrollPaddingStart: phone ? 0 : 28,
  })
  useEffect(() => virtual.measure(), [virtual, height])

  const lines = virtual.getVirtualItems()
  const seen = lines.map((line) => items[line.index]).filter((item) => item?.kind === 'row')
  const first = seen.at(0)?.at ?? 0
  const last = seen.at(-1)?.at ?? 0
  useEffect(() => onVisible?.(first, last), [onVisible, first, last])

  const keys = useTableKeys({ ...props, items, active, setActive, reveal: (at) => virtual.scrollToIndex(at) })
  const activeItem = items[active]

  // A row is drawn again when something of it changed, not when others come in view: what it does is asked for when it is done.
  const acts = useRef({ select: keys.toggle, click: (_at: number, _row: Row) => {}, open: props.onOpen })
  acts.current = {
    select: keys.toggle,
    click(at, row) {
      setActive(at)
      ;(props.onBeside ?? props.onOpen)?.(row)
    },
    open: props.onOpen,
  }
  const select = useCallback((at: number) => acts.current.select(at), [])
  const click = useCallback((at: number, row: Row) => acts.current.click(at, row), [])
  const openPage = useCallback((_at: number, row: Row) => acts.current.open?.(row), [])

  const fold = useCallback((key: string) => setFolded((old) => (old.has(key) ? new Set([...old].filter((other) => other !== key)) : new Set([...old, key]))), [])

  if (props.error && !rows) return <Failed error={props.error} retry={props.retry} list />
  if (!rows) {
    return (
      <div ref={setScroller} className={classes.waiting} style={{ '--columns': template } as CSSProperties}>
        <Bars lead={lead > 0} columns={fitting} phone={phone} height={height} />
      </div>
    )
  }
  if (rows.length === 0) return <>{props.empty}</>

  return (
    <div
      ref={setScroller}
      className={classes.scroller}
      role="grid"
      aria-label={props.label}
      aria-rowcount={more ? -1 : items.length + 1}
      aria-multiselectable={props.onSelected ? true : undefined}
      aria-activedescendant={activeItem ? `${grid}-${active}` : undefined}
      tabIndex={0}
      data-scroll-restoration-id={props.scrollId}
      onKeyDown={keys}
      onFocus={(event) => event.target === scroller && active < 0 && setActive(items.findIndex((item) => item.kind === 'row'))}
      style={{ '--columns': template } as CSSProperties}
    >
      <div role="rowgroup" className={phone ? 'ms-hidden' : classes.head}>
        <div role="row" className={classes.line} aria-rowindex={1}>
          {lead ? <span role="columnheader"><span className="ms-hidden">{t('table.state')}</span></span> : null}
          {fitting.map((column) => (
            <Head key={column.key} column={column} sort={sort} onSort={phone ? undefined : props.onSort} />
          ))}
        </div>
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
        {lines.map((line) => {
          const item = items[line.index]
          if (!item) return null
          if (item.kind === 'group') {
            return <GroupLine key={line.key} at={line.index} item={item} head={props.groupHead} top={line.start} height={line.size} span={fitting.length + (lead ? 1 : 0)} onFold={fold} />
          }
          const rowId = id(item.row)
          return (
            <TableRow
              key={line.key}
              id={`${grid}-${line.index}`}
              at={line.index}
              row={item.row}
              name={props.name}
              columns={fitting}
              glyph={props.glyph}
              phone={phone ? props.phone : undefined}
              commands={phone ? undefined : props.rowCommands}
              top={line.start}
              height={line.size}
              active={line.index === active}
              current={rowId === props.current}
              checked={selected.has(rowId)}
              onCheck={props.onSelected && !phone ? select : undefined}
              onClick={click}
              onDoubleClick={props.onBeside ? openPage : undefined}
            />
          )
        })}
      </div>
    </div>
  )
}

/** The columns as gray bars, where the rows will stand. */
function Bars<Row>({ lead, columns, phone, height }: { lead: boolean; columns: TableColumn<Row>[]; phone: boolean; height: number }) {
  const { t } = useTranslation()
  const phase = useLoading()
  if (phase === 'soon') return <div aria-busy="true" />
  return (
    <div className={classes.bars} aria-busy="true" role="status">
      {phase === 'long' ? <p>{t('loading.still')}</p> : null}
      {Array.from({ length: 14 }, (_, row) => (
        <div key={row} className={classes.bar} style={{ height }}>
          {lead ? <i data-glyph /> : null}
          {(phone ? [{ key: 'row', width: undefined, align: undefined }] : columns).map(({ key, width, align }) => (
            <i key={key} data-align={align} style={{ width: width ? undefined : `${35 + ((row * 37) % 45)}%` }} />
          ))}
        </div>
      ))}
    </div>
  )
}

interface GroupLineProps<Row> {
  at: number
  item: Extract<TableItem<Row>, { kind: 'group' }>
  head: DataTableProps<Row>['groupHead']
  top: number
  height: number
  span: number
  onFold: (key: string) => void
}

function DrawnGroup<Row>({ at, item, head, top, height, span, onFold }: GroupLineProps<Row>) {
  const { title, count, figure } = head?.(item.key, item.rows, item.whole) ?? { title: item.key }
  return (
    <div role="row" className={classes.group} style={{ transform: `translateY(${top}px)`, height }} aria-rowindex={at + 2}>
      <span role="gridcell" aria-colspan={span}>
        <button type="button" tabIndex={-1} aria-expanded={!item.folded} onClick={() => onFold(item.key)}>
          {item.folded ? <IconChevronRight size={14} stroke={1.75} /> : <IconChevronDown size={14} stroke={1.75} />}
          <b>{title}</b>
          <span className={classes.count}>{count}</span>
          <span className={classes.figure}>{figure}</span>
        </button>
      </span>
    </div>
  )
}

// Its figures are of all its rows, thousands perhaps.
const GroupLine = memo(DrawnGroup) as typeof DrawnGroup

function Head<Row>({ column, sort, onSort }: { column: TableColumn<Row>; sort?: string; onSort?: (sort: string) => void }) {
  const { sort: key } = column
  const rising = key !== undefined && sort === key
  const falling = key !== undefined && sort === `-${key}`
  return (
    <span role="columnheader" className={column.align === 'right' ? classes.right : undefined} aria-sort={rising ? 'ascending' : falling ? 'descending' : undefined}>
      {key && onSort ? (
        <button type="button" onClick={() => onSort(nextSort(sort, key))}>
          {column.head}
          {rising ? <IconArrowUp size={12} stroke={1.75} /> : falling ? <IconArrowDown size={12} stroke={1.75} /> : null}
        </button>
      ) : (
        <span className={column.unseen ? 'ms-hidden' : undefined}>{column.head}</span>
      )}
    </span>
  )
}
