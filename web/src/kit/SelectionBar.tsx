import { ActionIcon, Tooltip } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Filters.module.css'

interface SelectionBarProps {
  count: number
  onClear: () => void
  /** Commands on the selection. */
  children?: ReactNode
}

/** Stands in the place of the filter row while rows are selected. */
export function SelectionBar({ count, onClear, children }: SelectionBarProps) {
  const { t } = useTranslation('kit')
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('selection', { count })}>
      <span className={classes.selected} role="status">
        {t('selection', { count })}
      </span>
      {children}
      <span className={classes.end}>
        <Tooltip label={t('selection.clear')}>
          <ActionIcon aria-label={t('selection.clear')} onClick={onClear}>
            <IconX size={16} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
      </span>
    </div>
  )
}
