import { ActionIcon, Button } from '@mantine/core'
import { IconPackages, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/me'
import { Panel } from '../../kit/Panel'
import { Failed, Loading, Note } from '../../kit/ScreenStates'
import { useSheet } from '../../kit/useSheet'
import stock from './Page.module.css'
import { SparePartRow } from './SparePartRow'
import { RemoveSparePart, SparePartSheet } from './SparePartSheet'
import { sparePartsQuery } from './sparePartLists'
import type { PartsOf, SparePart } from './spareParts'

const icon = { size: 16, stroke: 1.75 }

/** The items that belong into an asset, its own and what its template says, or into every asset of a template. */
export function SparePartList({ of, locked }: { of: PartsOf; locked: boolean }) {
  const { t } = useTranslation('spare-parts')
  const may = useMay()
  const parts = useQuery(sparePartsQuery(of.own))
  const { sheet, open: setSheet, close } = useSheet<{ what: 'add' } | { what: 'change' | 'remove'; part: SparePart }>()
  const mayWrite = may('spare_parts.write') && !locked
  const add = mayWrite ? (
    <Button leftSection={<IconPlus {...icon} />} onClick={() => setSheet({ what: 'add' })}>
      {t('add')}
    </Button>
  ) : null
  if (parts.isPending) return <Loading />
  if (parts.isError) return <Failed error={parts.error} retry={() => void parts.refetch()} />
  return (
    <>
      {parts.data.length === 0 ? (
        <Note icon={<IconPackages {...icon} />} title={t('none')} actions={add}>
          {t(`none_help.${of.own.list}`)}
        </Note>
      ) : (
        <Panel flush title={t('title')} action={add}>
          <ul className={stock.rows}>
            {parts.data.map((part) => (
              <SparePartRow key={part.item_id} part={part}>
                {mayWrite ? (
                  <>
                    <ActionIcon aria-label={t('change', { code: part.item.code })} onClick={() => setSheet({ what: 'change', part })}>
                      <IconPencil {...icon} />
                    </ActionIcon>
                    <ActionIcon aria-label={t('remove', { code: part.item.code })} onClick={() => setSheet({ what: 'remove', part })}>
                      <IconTrash {...icon} />
                    </ActionIcon>
                  </>
                ) : null}
              </SparePartRow>
            ))}
          </ul>
        </Panel>
      )}
      {sheet?.what === 'add' ? <SparePartSheet of={of} onClose={close} /> : null}
      {sheet?.what === 'change' ? <SparePartSheet of={of} part={sheet.part} onClose={close} /> : null}
      {sheet?.what === 'remove' ? <RemoveSparePart of={of} part={sheet.part} onClose={close} /> : null}
    </>
  )
}
