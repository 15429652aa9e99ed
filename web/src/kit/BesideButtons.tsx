import { ActionIcon, Tooltip } from '@mantine/core'
import { IconArrowsDiagonal, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const icon = { size: 16, stroke: 1.75 }

interface BesideButtonsProps {
  /** What opening the record as a page is called. */
  label: string
  /** The link to that page. */
  page: (props: object) => ReactNode
  onClose: () => void
}

/** The buttons over a record that is open beside its list: to its page, and away. */
export function BesideButtons({ label, page, onClose }: BesideButtonsProps) {
  const { t } = useTranslation()
  return (
    <>
      <Tooltip label={label}>
        <ActionIcon aria-label={label} renderRoot={page}>
          <IconArrowsDiagonal {...icon} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('close')}>
        <ActionIcon aria-label={t('close')} onClick={onClose}>
          <IconX {...icon} />
        </ActionIcon>
      </Tooltip>
    </>
  )
}
