import { Button } from '@mantine/core'
import { IconPackageExport, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../../api/client'
import { Panel } from '../../kit/Panel'
import { Failed } from '../../kit/ScreenStates'
import classes from './Page.module.css'
import { SparePartRow } from './SparePartRow'
import { sparePartsQuery } from './sparePartLists'
import type { SparePart } from './spareParts'

interface SuggestedPartsProps {
  asset: Schemas['Ref']
  /** Items that the order asked for already. */
  taken: Set<string>
  onReserve?: (part: SparePart) => void
  onIssue?: (part: SparePart) => void
}

/** What belongs into the asset of a work order and was not asked for yet, to reserve or to issue. Nothing where there is none. */
export function SuggestedParts({ asset, taken, onReserve, onIssue }: SuggestedPartsProps) {
  const { t } = useTranslation('spare-parts')
  const read = useQuery(sparePartsQuery({ list: 'asset', id: asset.id }))
  const parts = read.data?.filter((part) => !part.archived && !taken.has(part.item_id)) ?? []
  if (parts.length === 0 && !read.error) return null
  return (
    <Panel title={t('of', { code: asset.code ?? asset.name })} flush>
      {read.error && !read.data ? <Failed error={read.error} retry={() => void read.refetch()} /> : null}
      <ul className={classes.rows}>
        {parts.map((part) => (
          <SparePartRow key={part.item_id} part={part}>
            {onIssue ? (
              <Button leftSection={<IconPackageExport size={16} stroke={1.75} />} aria-label={t('stock:parts.issue_of', { code: part.item.code })} onClick={() => onIssue(part)}>
                {t('stock:do.issue')}
              </Button>
            ) : null}
            {onReserve ? (
              <Button leftSection={<IconPlus size={16} stroke={1.75} />} aria-label={t('reserve_of', { code: part.item.code })} onClick={() => onReserve(part)}>
                {t('reserve')}
              </Button>
            ) : null}
          </SparePartRow>
        ))}
      </ul>
    </Panel>
  )
}
