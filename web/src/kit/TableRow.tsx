import { Checkbox } from '@mantine/core'
import type { CSSProperties, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './DataTable.module.css'
import type { TableColumn } from './tableItems'

interface TableRowProps<Row> {
  id: string
  /** Index among the lines, for who cannot see how long the list is. */
  at: number
  row: Row
  name: string
  columns: TableColumn<Row>[]
  glyph?: (row: Row) => ReactNode
  phone?: (row: Row) => ReactNode
  commands?: (row: Row) => ReactNode
  place: CSSProperties
  active: boolean
  current: boolean
  checked: boolean
  onCheck?: () => void
  onClick: () => void
  onDoubleClick?: () => void
}

/** One row of a DataTable. */
export function TableRow<Row>({ id, at, row, name, columns, glyph, phone, commands, place, active, current, checked, onCheck, onClick, onDoubleClick }: TableRowProps<Row>) {
  const { t } = useTranslation('kit')
  const state = { 'data-active': active || undefined, 'data-current': current || undefined, 'data-checked': checked || undefined }
  return (
    // The keyboard acts on the grid, which says which row is active.
    <div id={id} role="row" aria-rowindex={at + 2} aria-selected={onCheck ? checked : undefined} aria-current={current || undefined} className={classes.row} style={place} onClick={onClick} onDoubleClick={onDoubleClick} {...state}>
      {glyph || onCheck ? (
        <span role="gridcell" className={classes.lead}>
          <span className={classes.glyph}>{glyph?.(row)}</span>
          {onCheck ? (
            <span className={classes.check} onClick={(event) => event.stopPropagation()} onDoubleClick={(event) => event.stopPropagation()}>
              <Checkbox checked={checked} onChange={onCheck} tabIndex={-1} aria-label={t('table.select', { name })} />
            </span>
          ) : null}
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
      {commands ? (
        <span role="gridcell" className={classes.commands} onClick={(event) => event.stopPropagation()} onDoubleClick={(event) => event.stopPropagation()}>
          {commands(row)}
        </span>
      ) : null}
    </div>
  )
}
