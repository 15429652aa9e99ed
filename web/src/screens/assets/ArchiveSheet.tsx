import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { CommandProblem } from '../../kit/CommandProblem'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import type { Asset } from './queries'

/** Takes an asset out of use, or back into it. */
export function ArchiveSheet({ asset, onClose }: { asset: Asset; onClose: () => void }) {
  const { t } = useTranslation('assets')
  // What was asked stays what it is while the answer comes.
  const [out] = useState(!asset.archived_at)
  const run = useCommand(
    (path: '/v1/assets/{id}/archive' | '/v1/assets/{id}/restore', key: string) => ok(api.POST(path, { params: { path: { id: asset.id }, header: { 'Idempotency-Key': key } } })),
    { refresh: ['assets'], done: onClose },
  )
  const send = () => run.mutate(out ? '/v1/assets/{id}/archive' : '/v1/assets/{id}/restore')
  return (
    <Sheet title={t(out ? 'archive.title' : 'restore.title', { code: asset.code })} onClose={onClose} submit={t(out ? 'archive' : 'restore')} onSubmit={send} busy={run.isPending} danger={out}>
      <CommandProblem error={run.error} again={send} />
      <p style={{ margin: 0 }}>{t(out ? 'archive.help' : 'restore.help')}</p>
    </Sheet>
  )
}
