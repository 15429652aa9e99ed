import { ActionIcon, Checkbox, Popover, Tooltip } from '@mantine/core'
import { IconLayoutColumns } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './Filters.module.css'
import { chosenColumns, type TableColumn } from './tableItems'

interface ColumnChooserProps<Row> {
  columns: TableColumn<Row>[]
  /** Keys with commas between, as in the address; undefined for the usual ones. */
  shown: string | undefined
  onShown: (shown: string | undefined) => void
}

/** Chooses the columns of a table. The one that takes the rest is always there. */
export function ColumnChooser<Row>({ columns, shown, onShown }: ColumnChooserProps<Row>) {
  const { t } = useTranslation('kit')
  const chosen = chosenColumns(columns, shown).map(({ key }) => key)
  const usual = chosenColumns(columns, undefined).map(({ key }) => key)
  const turn = (key: string) => {
    const next = columns.map((column) => column.key).filter((other) => (other === key ? !chosen.includes(key) : chosen.includes(other)))
    onShown(next.join() === usual.join() ? undefined : next.join())
  }
  return (
    <Popover position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={t('columns')}>
          <ActionIcon aria-label={t('columns')}>
            <IconLayoutColumns size={16} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('columns')}>
        <div role="group" aria-label={t('columns')} className={classes.options}>
          {columns.map((column) => (
            <Checkbox key={column.key} label={column.head} checked={chosen.includes(column.key)} disabled={column.width === undefined} onChange={() => turn(column.key)} />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
