import { ActionIcon, Menu } from '@mantine/core'
import { IconArrowsMove, IconClockPause, IconDots, IconPencil, IconPlus, IconQrcode, IconRecycle, IconRestore, IconTransfer, IconTrash } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/me'
import { DisposalSheet, TransferSheet } from '../asset-requests/RequestSheets'
import { ArchiveSheet } from './ArchiveSheet'
import { MoveSheet } from './MoveSheet'
import type { Asset } from './queries'
import { StopSheet } from './StopSheet'
import { useSheet } from '../../kit/useSheet'

const icon = { size: 16, stroke: 1.75 }

/** All that can be done with an asset beside its main commands, in the order of its life. */
export function AssetMenu({ asset }: { asset: Asset }) {
  const { t } = useTranslation('assets')
  const may = useMay()
  const { sheet, open: setSheet, close } = useSheet<'move' | 'transfer' | 'disposal' | 'stop' | 'archive'>()
  const inUse = !asset.archived_at
  const open = asset.operating_state === 'down' || asset.operating_state === 'disabled'
  return (
    <>
      <ActionIcon variant="default" aria-label={t('labels.one')} renderRoot={(props) => <Link {...props} to="/labels" search={{ assets: asset.id }} />}>
        <IconQrcode {...icon} />
      </ActionIcon>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" aria-label={t('more')}>
            <IconDots {...icon} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {may('assets.write') && inUse ? (
            <Menu.Item leftSection={<IconPencil {...icon} />} renderRoot={(props) => <Link {...props} to="/assets/$assetId/edit" params={{ assetId: asset.id }} />}>
              {t('edit')}
            </Menu.Item>
          ) : null}
          {may('assets.write') && inUse ? (
            <Menu.Item leftSection={<IconPlus {...icon} />} renderRoot={(props) => <Link {...props} to="/assets/new" search={{ parent_id: asset.id }} />}>
              {t('new_part')}
            </Menu.Item>
          ) : null}
          {may('downtimes.write') && inUse ? (
            <Menu.Item leftSection={<IconClockPause {...icon} />} onClick={() => setSheet('stop')}>
              {t(open ? 'stop.record_past' : 'stop.record')}
            </Menu.Item>
          ) : null}
          {may('assets.move') && inUse ? (
            <Menu.Item leftSection={<IconArrowsMove {...icon} />} onClick={() => setSheet('move')}>
              {t('move')}
            </Menu.Item>
          ) : null}
          {may('asset_transfers.write') && inUse ? (
            <Menu.Item leftSection={<IconTransfer {...icon} />} onClick={() => setSheet('transfer')}>
              {t('asset-requests:transfer')}
            </Menu.Item>
          ) : null}
          {may('asset_disposals.write') && inUse ? (
            <Menu.Item color="var(--ms-red-text)" leftSection={<IconRecycle {...icon} />} onClick={() => setSheet('disposal')}>
              {t('asset-requests:disposal')}
            </Menu.Item>
          ) : null}
          {may('assets.write') ? (
            <Menu.Item color={inUse ? 'var(--ms-red-text)' : undefined} leftSection={inUse ? <IconTrash {...icon} /> : <IconRestore {...icon} />} onClick={() => setSheet('archive')}>
              {t(inUse ? 'archive' : 'restore')}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {sheet === 'move' ? <MoveSheet asset={asset} onClose={close} /> : null}
      {sheet === 'transfer' ? <TransferSheet asset={asset} onClose={close} /> : null}
      {sheet === 'disposal' ? <DisposalSheet asset={asset} onClose={close} /> : null}
      {sheet === 'stop' ? <StopSheet asset={asset} onClose={close} /> : null}
      {sheet === 'archive' ? <ArchiveSheet asset={asset} onClose={close} /> : null}
    </>
  )
}
