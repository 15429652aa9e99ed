import { Checkbox } from '@mantine/core'
import { memo, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './DataTable.module.css'
import type { TableColumn } from './tableItems'

interface TableRowProps<Row> {
  id: string
  /** Index among the lines, for who cannot see how long the list is. */
  at: number
  row: Row
  name: (row: Row) => string
  columns: TableColumn<Row>[]
  glyph?: (row: Row) => ReactNode
  phone?: (row: Row) => ReactNode
  commands?: (row: Row) => ReactNode
  /** Distance from the head of the list, in px. */
  top: number
  height: number
  active: boolean
  current: boolean
  checked: boolean
  onCheck?: (at: number) => void
  onClick: (at: number, row: Row) => void
  onDoubleClick?: (at: number, row: Row) => void
}

function Drawn<Row>({ id, at, row, name, columns, glyph, phone, commands, top, height, active, current, checked, onCheck, onClick, onDoubleClick }: TableRowProps<Row>) {
  // What only the row under the pointer shows is made when the pointer first comes.
  const [met, setMet] = useState(false)
  const state = { 'data-active': active || undefined, 'data-current': current || undefined, 'data-checked': checked || undefined }
  return (
    // The keyboard acts on the grid, which says which row is active.
    <div id={id} role="row" aria-rowindex={at + 2} aria-selected={onCheck ? checked : undefined} aria-current={current || undefined} className={classes.row} style={{ transform: `translateY(${top}px)`, height }} onPointerEnter={met ? undefined : () => setMet(true)} onClick={() => onClick(at, row)} onDoubleClick={onDoubleClick && (() => onDoubleClick(at, row))} {...state}>
      {glyph || onCheck ? (
        <span role="gridcell" className={classes.lead}>
          <span className={classes.glyph}>{glyph?.(row)}</span>
          {onCheck && (met || checked) ? <Check name={name(row)} checked={checked} onCheck={() => onCheck(at)} /> : null}
        </span>
      ) : null}
      {phone ? (
        <span role="gridcell" className={classes.phone}>
          {phone(row)}
        </span>
      ) : (
        columns.map((column) => (
          <span key={column.key} role="gridcell" className={column.align === 'right' ? classes.right : classes.cell}>
            {column.cell(row)}
          </span>
        ))
      )}
      {commands && met ? (
        <span role="gridcell" className={classes.commands} onClick={(event) => event.stopPropagation()} onDoubleClick={(event) => event.stopPropagation()}>
          {commands(row)}
        </span>
      ) : null}
    </div>
  )
}

/** One row of a DataTable. */
export const TableRow = memo(Drawn) as typeof Drawn

function Check({ name, checked, onCheck }: { name: string; checked: boolean; onCheck: () => void }) {
  const { t } = useTranslation('kit')
  return (
    <span className={classes.check} onClick={(event) => event.stopPropagation()} onDoubleClick={(event) => event.stopPropagation()}>
      <Checkbox checked={checked} onChange={onCheck} tabIndex={-1} aria-label={t('table.select', { name })} />
    </span>
  )
}
