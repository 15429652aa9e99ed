import { TextInput } from '@mantine/core'
import { IconScan } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, Problem, type Schemas } from '../../api/client'
import { CommandProblem } from '../../kit/CommandProblem'
import { DecimalField, FormProblem } from '../../kit/Fields'
import { Loading, Note } from '../../kit/ScreenStates'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { codeOf } from '../scan/wedge'
import { useWedge } from '../scan/useWedge'
import { PickField } from './PickField'
import { type Picked, pickedOf } from './picked'
import { putAwayBody } from './putAways'
import { type PutAway, putAwaysOfQuery, stockKeys } from './queries'
import { shelves } from './sources'

/** Puts an item away whose label was read: what of it has waited longest. */
export function PutAwayItem({ itemId, onClose }: { itemId: string; onClose: () => void }) {
  const { t } = useTranslation('stock')
  const waiting = useQuery(putAwaysOfQuery(itemId))
  const [first] = waiting.data ?? []
  if (first) return <PutAwaySheet waiting={first} onClose={onClose} />
  return (
    <Sheet title={t('put_away')} onClose={onClose}>
      <CommandProblem error={waiting.error} again={() => void waiting.refetch()} />
      {waiting.isPending ? <Loading rows={2} /> : waiting.data ? <Note title={t('put_away.not_this')} /> : null}
    </Sheet>
  )
}

/** Puts away what was received: where it belongs is filled in, the label of another place changes it. */
export function PutAwaySheet({ waiting, onClose }: { waiting: PutAway; onClose: () => void }) {
  const { t } = useTranslation('stock')
  const [typed, setTyped] = useState('')
  const form = useFields<{ to_location_id: Picked | null; quantity: string }>({ to_location_id: pickedOf(waiting.to_location), quantity: waiting.quantity })
  const post = useCommand((body: Schemas['StockMovementBody'], key: string) => ok(api.POST('/v1/stock-movements', { params: { header: { 'Idempotency-Key': key } }, body })), {
    refresh: stockKeys,
    done: onClose,
  })
  const find = useMutation({
    mutationFn: async (code: string): Promise<Picked> => {
      const { kind, id, name } = await ok(api.GET('/v1/lookup', { params: { query: { code } } }))
      if (kind !== 'location') throw new Error(t('put_away.no_place', { code, name }))
      return { id, code, name }
    },
    onSuccess: (place) => {
      form.set('to_location_id', place)
      setTyped('')
    },
  })
  const read = (code: string) => find.mutate(codeOf(code))
  useWedge(read)
  const unknown = find.error instanceof Problem && find.error.status === 404
  const send = () => post.mutate(putAwayBody(waiting, form.values), { onError: (error) => void form.refuse(error) })
  return (
    <Sheet title={t('put_away.title', { code: waiting.item.code })} onClose={onClose} submit={t('do.put_away')} onSubmit={() => (typed.trim() ? read(typed) : send())} busy={post.isPending || find.isPending}>
      <FormProblem form={form} error={post.error} again={send} />
      <CommandProblem error={unknown ? new Error(t('put_away.unknown', { code: find.variables })) : find.error} />
      <p style={{ margin: 0 }}>{[waiting.item.name, waiting.lot ?? waiting.serial, waiting.location.code].filter(Boolean).join(', ')}</p>
      <TextInput label={t('put_away.label')} description={t('put_away.label_help')} inputWrapperOrder={['label', 'input', 'description', 'error']} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} data-autofocus autoComplete="off" autoCapitalize="characters" spellCheck={false} leftSection={<IconScan size={20} stroke={1.75} />} />
      <PickField form={form} name="to_location_id" label={t('movement.to')} source={shelves} />
      {waiting.tracking === 'serial' ? null : <DecimalField form={form} name="quantity" label={t('quantity')} unit={waiting.unit} />}
    </Sheet>
  )
}
