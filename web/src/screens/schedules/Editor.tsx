import { Button, Modal } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useBlocker, useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Answered, answered, api, Problem } from '../../api/client'
import { usePlace } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { today } from '../../kit/figures'
import { usePageName } from '../../kit/pageName'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { changedDates } from './dates'
import { bodyOf, type Draft, draftOf, type FaultKey, faultsOf, type FieldName, patchOf, refusalOf, type Schedule } from './draft'
import classes from './Editor.module.css'
import { EditorFields } from './EditorFields'
import { Preview } from './Preview'
import { SoFar } from './SoFar'
import { StaleSchedule } from './StaleSchedule'
import { usePreview } from './usePreview'

interface EditorProps {
  begin: Draft
  /** The record that is edited; without it a new one is made. */
  stored?: Answered<Schedule>
}

export type Faults = Partial<Record<FieldName, string>>

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** The schedule editor: the rule as a sentence at the left, the dates that it gives at the right. */
export function Editor({ begin, stored }: EditorProps) {
  const { t } = useTranslation('schedules')
  const navigate = useNavigate()
  const [base, setBase] = useState({ draft: begin, etag: stored?.etag ?? '' })
  const [draft, setDraft] = useState(begin)
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState<{ at: Faults; above: string[] }>({ at: {}, above: [] })
  const left = useRef(false)
  const dirty = !same(draft, base.draft)
  usePageName(stored ? base.draft.title : t('editor.new'))
  // Without changes of one's own the form follows the record.
  if (stored && !dirty && stored.etag !== base.etag) {
    setBase({ draft: begin, etag: stored.etag ?? '' })
    setDraft(begin)
  }

  const mine = usePlace(draft.place?.siteId)
  const zone = stored?.data.time_zone ?? mine.zone
  const from = today(zone)
  const preview = usePreview(draft, stored ? base.draft : undefined, stored && !dirty ? stored.data.id : undefined, from)
  const changed = preview.dates ? changedDates(preview.dates, preview.saved, from) : 0

  const save = useCommand(
    ({ body, patch, etag }: { body: ReturnType<typeof bodyOf>; patch: ReturnType<typeof patchOf>; etag: string }, key: string) =>
      stored
        ? answered(api.PATCH('/v1/maintenance-schedules/{id}', { params: { path: { id: stored.data.id }, header: { 'If-Match': etag } }, body: patch }))
        : answered(api.POST('/v1/maintenance-schedules', { params: { header: { 'Idempotency-Key': key } }, body })),
    {
      refresh: ['maintenance-schedules'],
      done({ data }) {
        left.current = true
        void navigate({ to: '/schedules/$scheduleId', params: { scheduleId: data.id } })
      },
    },
  )

  const faults = faultsOf(draft)
  const shown: Faults = { ...refused.at }
  if (tried) for (const [field, word] of Object.entries(faults) as [FieldName, FaultKey][]) shown[field] = t(word)

  function send(etag = base.etag) {
    setTried(true)
    setRefused({ at: {}, above: [] })
    const [first] = Object.keys(faults)
    if (first) {
      document.querySelector<HTMLElement>(`[data-field="${first}"] input, [data-field="${first}"]`)?.focus()
      return
    }
    if (save.isPending) return
    save.mutate(
      { body: bodyOf(draft), patch: patchOf(draft, base.draft), etag },
      { onError: (error) => error instanceof Problem && error.body.errors?.length && setRefused(refusalOf(error.body.errors)) },
    )
  }
  useHotkeys([['mod+S', () => (dirty || !stored) && send()]], [])

  const blocker = useBlocker({ shouldBlockFn: () => dirty && !left.current, enableBeforeUnload: () => dirty && !left.current, withResolver: true })
  const stale = save.error instanceof Problem && save.error.status === 412
  const above = refused.above.length > 0 ? refused.above.join(' ') : undefined
  const change = (next: Draft) => {
    setDraft(next)
    setRefused({ at: {}, above: [] })
  }
  const label = !stored ? t('editor.create') : changed > 0 ? t('editor.save_dates', { count: changed }) : t('common:save')
  const saveButton = (
    <Button variant="filled" className={classes.main} loading={save.isPending} aria-disabled={stored && !dirty ? true : undefined} onClick={() => (dirty || !stored) && send()} rightSection={<kbd className="ms-key">{'Ctrl S'}</kbd>}>
      {label}
    </Button>
  )

  return (
    <div className={classes.screen}>
      <header className={classes.titles}>
        <h1>{stored ? base.draft.title : t('editor.new')}</h1>
        {stored ? (
          <>
            <State noun="schedule" state={stored.data.status} />
            <span className={classes.revision}>{t('editor.revision', { number: stored.data.revision })}</span>
          </>
        ) : null}
        <span className={classes.space} />
        {dirty ? <span className={classes.unsaved}>{t('common:not_saved')}</span> : null}
        {dirty && stored ? (
          <Button variant="subtle" onClick={() => change(base.draft)}>
            {t('editor.discard')}
          </Button>
        ) : null}
        <div className={classes.save} data-phone-commands>
          {saveButton}
        </div>
      </header>
      <div className={classes.panes}>
        <form className={classes.form} onSubmit={(event) => event.preventDefault()} aria-label={stored ? base.draft.title : t('editor.new')}>
          {stale && stored ? (
            <StaleSchedule
              id={stored.data.id}
              mine={draft}
              base={base.draft}
              keep={(etag) => {
                setBase({ ...base, etag })
                send(etag)
              }}
              drop={({ data, etag }) => {
                setBase({ draft: draftOf(data), etag: etag ?? '' })
                setDraft(draftOf(data))
                save.reset()
              }}
            />
          ) : (
            <CommandProblem error={above ? new Error(above) : Object.keys(refused.at).length > 0 ? null : save.error} again={() => send()} form />
          )}
          <EditorFields draft={draft} change={change} faults={shown} cycle={preview.cycle} stored={stored !== undefined} />
          {stored ? <SoFar id={stored.data.id} /> : null}
        </form>
        <Preview draft={draft} preview={preview} from={from} zone={zone} changed={changed} />
      </div>
      <Modal opened={blocker.status === 'blocked'} onClose={() => blocker.reset?.()} title={t('editor.leave')} centered closeButtonProps={{ 'aria-label': t('common:close') }}>
        <p className={classes.words}>{t('editor.leave_help')}</p>
        <div className={classes.actions}>
          <Button variant="filled" data-autofocus onClick={() => blocker.reset?.()}>
            {t('editor.stay')}
          </Button>
          <Button onClick={() => blocker.proceed?.()}>{t('editor.leave_yes')}</Button>
        </div>
      </Modal>
    </div>
  )
}
