import { ActionIcon, Tooltip } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { WorkOrder } from './order'

/** The order as a sheet of paper, in the reader's language. */
export function PrintButton({ order, large = false }: { order: WorkOrder; large?: boolean }) {
  const { t } = useTranslation('work-order')
  return (
    <Tooltip label={t('print')}>
      <ActionIcon component="a" href={`/v1/work-orders/${order.id}/document`} download size={large ? 44 : undefined} aria-label={t('print')}>
        <IconPrinter size={large ? 24 : 16} stroke={1.75} />
      </ActionIcon>
    </Tooltip>
  )
}
