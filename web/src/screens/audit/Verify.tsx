import { Button, CloseButton } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { usePlace } from '../../api/me'
import { instant, quantity } from '../../kit/figures'
import { Failed, Note } from '../../kit/ScreenStates'
import classes from './Audit.module.css'
import { add, type Found } from './verification'

/** Walks along the sealed log, a step a request, and keeps what was found. */
export function useVerification() {
  const [found, setFound] = useState<Found>()
  const walk = useMutation({
    mutationFn: async () => {
      let all: Found | undefined
      do {
        all = add(all, await ok(api.GET('/v1/audit-log/verification', { params: { query: { after: all?.last.through } } })))
        setFound(all)
      } while (all.last.status === 'partial')
    },
  })
  const close = () => {
    setFound(undefined)
    walk.reset()
  }
  return { found, walk, close }
}

export function VerifyButton({ walk }: { walk: ReturnType<typeof useVerification>['walk'] }) {
  const { t } = useTranslation('audit')
  return (
    <Button leftSection={<IconShieldCheck size={16} stroke={1.75} />} loading={walk.isPending} onClick={() => walk.mutate()}>
      {t('verify')}
    </Button>
  )
}

/** What the walk found, in words, with the place where the log is wrong. */
export function Verified({ found, walk, close }: ReturnType<typeof useVerification>) {
  const { t } = useTranslation('audit')
  if (walk.isError) return <Failed error={walk.error} retry={() => walk.mutate()} />
  if (!found) return null
  return (
    <div className={classes.verified}>
      <Words found={found} />
      {walk.isPending ? null : <CloseButton aria-label={t('common:close')} onClick={close} />}
    </div>
  )
}

function Words({ found: { last, events, checkpoints } }: { found: Found }) {
  const { t } = useTranslation('audit')
  const { locale, zone } = usePlace()
  const figures = { events: quantity(events, locale), checkpoints: quantity(checkpoints, locale) }
  if (last.status === 'off') return <Note role="status" title={t('verified.off')}>{t('verified.off_help')}</Note>
  if (last.status === 'partial') return <Note role="status" title={t('verified.partial', figures)} />
  if (last.fault) {
    return (
      <Note role="alert" title={t('verified.broken', { checkpoint: quantity(last.fault.checkpoint, locale) })}>
        {t(`fault.${last.fault.kind}`)} {last.fault.event_id ? <code>{last.fault.event_id}</code> : null}
      </Note>
    )
  }
  return (
    <Note role="status" title={t('verified.intact', figures)}>
      {last.sealed_at ? t('verified.sealed', { at: instant(last.sealed_at, locale, zone) }) : null} {last.open_events > 0 ? t('verified.open', { events: quantity(last.open_events, locale) }) : null}{' '}
      {t(`anchor.${last.anchor?.status ?? 'none'}`, { checkpoint: quantity(last.anchor?.checkpoint, locale), at: last.anchor?.made_at ? instant(last.anchor.made_at, locale, zone) : '' })}{' '}
      {(last.recoveries ?? []).map((r) => t('verified.recovery', { checkpoint: quantity(r.checkpoint, locale), at: instant(r.recovered_at, locale, zone) })).join(' ')}
    </Note>
  )
}
