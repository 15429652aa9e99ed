import { IconArrowBackUp, IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { Code, RecordNumber } from '../../kit/Code'
import { type Command, Commands } from '../../kit/Commands'
import { CommandProblem } from '../../kit/CommandProblem'
import { FormProblem, TextField } from '../../kit/Fields'
import { date, instant, money, today as todayAt } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { Sheet } from '../../kit/Sheet'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { WaitingFor } from '../approvals/WaitingFor'
import { FactList } from '../stock/FactList'
import classes from '../stock/Page.module.css'
import { type AssetRequest, isTransfer, type Kind, requestKeys, requestQuery } from './queries'

const icon = { size: 16, stroke: 1.75 }

/** One transfer of an asset. */
export function TransferPage() {
  return <RequestPage kind="asset-transfers" />
}

/** One disposal of an asset. */
export function DisposalPage() {
  return <RequestPage kind="asset-disposals" />
}

function RequestPage({ kind }: { kind: Kind }) {
  const { requestId = '' } = useParams({ strict: false })
  const read = useQuery(requestQuery(kind, requestId))
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  return <Page key={requestId} kind={kind} request={read.data} />
}

function Page({ kind, request }: { kind: Kind; request: AssetRequest }) {
  const { t } = useTranslation('asset-requests')
  const may = useMay()
  const { locale, zone } = usePlace()
  const [cancelling, setCancelling] = useState(false)
  const retry = useCommand((_: number, key: string) => ok(api.POST(`/v1/${kind}/{id}/retry`, { params: { path: { id: request.id }, header: { 'Idempotency-Key': key } }, body: {} })), { refresh: requestKeys })
  const again = () => retry.mutate(request.version)
  const writes = may(kind === 'asset-transfers' ? 'asset_transfers.write' : 'asset_disposals.write')
  const allowed = new Set<string>(writes ? request.allowed_commands : [])
  const commands: Command[] = [
    ...(allowed.has('retry') ? [{ name: 'retry', label: t('do.retry'), icon: <IconRefresh {...icon} />, busy: retry.isPending, run: again }] : []),
    ...(allowed.has('cancel') ? [{ name: 'cancel', label: t('do.cancel'), icon: <IconArrowBackUp {...icon} />, danger: true, run: () => setCancelling(true) }] : []),
  ]
  const { status, asset } = request
  const day = date(request.on, locale, todayAt(zone))
  return (
    <article className={classes.page}>
      <PageTitle
        name={request.number}
        title={
          <>
            <RecordNumber value={request.number} /> {asset.name}
          </>
        }
        badges={<State noun="asset_request" state={status} />}
        actions={<Commands commands={commands} />}
      />
      <div className={classes.strip}>
        <CommandProblem error={retry.error} again={again} />
        {status === 'pending_approval' && request.approval_case_id ? <WaitingFor approvalId={request.approval_case_id} /> : null}
        <p className={classes.next}>{t(status === 'approved' && day ? 'next.approved_on' : `next.${status}`, { date: day, reason: request.block_reason ?? request.reject_reason ?? request.cancel_reason ?? '' })}</p>
      </div>
      <div className={classes.body}>
        <Panel title={t('facts')} flush>
          <FactList
            facts={[
              [t('asset'), <Link key="asset" to="/assets/$assetId" params={{ assetId: request.asset_id }}><Code>{asset.code}</Code> {asset.name}</Link>],
              [t('from'), request.from_location.name],
              ...(isTransfer(request)
                ? ([
                    [t('to'), request.to_location.name],
                    [t('parent'), request.to_parent?.name],
                    [t('department'), request.department?.name],
                    [t('cost_center'), request.cost_center?.name],
                  ] as [string, string | undefined][])
                : ([
                    [t('method'), t(`method.${request.method}`)],
                    [t('proceeds'), money(request.proceeds, locale)],
                  ] as [string, string | undefined][])),
              [t('on'), day],
              [t('worth'), money(request.worth, locale)],
              [t('reason'), request.reason],
              [t('by'), request.requested_by?.name],
              [t('asked_at'), instant(request.created_at, locale, zone)],
              [t('completed_at'), instant(request.completed_at, locale, zone)],
            ]}
          />
        </Panel>
      </div>
      {cancelling ? <CancelSheet kind={kind} request={request} onClose={() => setCancelling(false)} /> : null}
    </article>
  )
}

function CancelSheet({ kind, request, onClose }: { kind: Kind; request: AssetRequest; onClose: () => void }) {
  const { t } = useTranslation('asset-requests')
  const form = useFields({ reason: '' })
  const cancel = useCommand((reason: string, key: string) => ok(api.POST(`/v1/${kind}/{id}/cancel`, { params: { path: { id: request.id }, header: { 'Idempotency-Key': key } }, body: { reason } })), { refresh: requestKeys, done: onClose })
  const send = () => cancel.mutate(form.values.reason.trim(), { onError: (error) => void form.refuse(error) })
  return (
    <Sheet title={t('cancel.title', { number: request.number })} onClose={onClose} submit={t('do.cancel')} onSubmit={send} busy={cancel.isPending} danger>
      <FormProblem form={form} error={cancel.error} again={send} />
      <TextField form={form} name="reason" label={t('reason')} autoFocus />
    </Sheet>
  )
}
