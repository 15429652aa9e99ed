import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../../api/client'
import { useMay, usePlace } from '../../../api/me'
import { AreaField, type Choice, FormProblem, SelectField } from '../../../kit/Fields'
import { instant } from '../../../kit/figures'
import { Sheet } from '../../../kit/Sheet'
import { useFields } from '../../../kit/useFields'
import { type CommandSheetProps, UsedBefore, useRefusal } from './CommandSheet'
import { assetQuery, downtimeQuery } from './order'

const kinds = ['mode', 'mechanism', 'cause', 'remedy'] as const

/** Completing says what was done; for a repair also what had failed, and since when the asset stood still. */
export function CompleteSheet({ order, error, busy, onClose, send }: CommandSheetProps) {
  const { t } = useTranslation('work-order')
  const may = useMay()
  const asset = useQuery(assetQuery(order.asset_id)).data
  const { locale, zone } = usePlace(asset?.site_id)
  const open = useQuery(downtimeQuery(order.asset_id)).data
  const down = open && !open.ended_at ? open : undefined
  const codes = useQuery({
    queryKey: ['failure-codes', 'all'],
    queryFn: async () => (await ok(api.GET('/v1/failure-codes', { params: { query: { limit: 200 } } }))).items ?? [],
    enabled: order.type === 'corrective' && may('failure_codes.read'),
    staleTime: 300_000,
  }).data
  const [withFailure, setWithFailure] = useState(false)
  const form = useFields({ resolution: '', 'failure.mode': '', 'failure.mechanism': '', 'failure.cause': '', 'failure.remedy': '' })
  useRefusal(form, error)

  const submit = () => {
    const given = Object.fromEntries(kinds.flatMap((kind) => (form.values[`failure.${kind}`] ? [[kind, form.values[`failure.${kind}`]]] : [])))
    send({
      resolution: form.values.resolution.trim(),
      failure: Object.keys(given).length > 0 ? { mode: '', ...given } : undefined,
    })
  }
  const choices = (kind: string): Choice[] => (codes ?? []).filter((code) => code.kind === kind).map(({ code, name }) => ({ value: code, label: name }))
  return (
    <Sheet title={t('complete.title')} submit={t('complete.submit')} onSubmit={submit} onClose={onClose} busy={busy}>
      <FormProblem form={form} error={error} again={submit} />
      <AreaField form={form} name="resolution" label={t('complete.resolution')} rows={2} autoFocus />
      <UsedBefore field="resolution" pick={(text) => form.set('resolution', text)} />
      {withFailure && codes ? kinds.map((kind) => <SelectField key={kind} form={form} name={`failure.${kind}`} label={t(`failure.${kind}`)} choices={choices(kind)} optional={kind !== 'mode'} />) : null}
      {codes && codes.length > 0 && !withFailure ? (
        <Button variant="subtle" leftSection={<IconPlus size={16} stroke={1.75} />} onClick={() => setWithFailure(true)} style={{ alignSelf: 'flex-start' }}>
          {t('complete.add_failure')}
        </Button>
      ) : null}
      {down ? <p>{t('complete.still_down', { code: order.asset?.code, since: instant(down.started_at, locale, zone) })}</p> : null}
    </Sheet>
  )
}
