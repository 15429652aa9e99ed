import { useTranslation } from 'react-i18next'
import { CommandProblem } from '../../kit/CommandProblem'
import { ChoiceField, DecimalField, FormProblem, TextField } from '../../kit/Fields'
import { decimalOf } from '../../kit/faults'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { partOf, useFields } from '../../kit/useFields'
import { PickField } from './PickField'
import { idOf, type PickedItem } from './picked'
import { items } from './sources'
import { changeList, sparePartKeys } from './sparePartLists'
import { UnitField } from './UnitField'
import { linesWith, listOf, type ListOf, type PartsOf, type SparePart, type SparePartBody, standsIn } from './spareParts'

interface LineValues {
  item_id: PickedItem | null
  quantity: string
  unit: string
  note: string
}

interface SparePartSheetProps {
  of: PartsOf
  /** The line that is changed; without it a new one is written. */
  part?: SparePart
  onClose: () => void
}

/** What belongs into an asset of one item: for this asset alone or, where it has a template, for every asset of that. */
export function SparePartSheet({ of, part, onClose }: SparePartSheetProps) {
  const { t } = useTranslation('spare-parts')
  const form = useFields<{ list: string; line: LineValues }>({
    list: of.own.list,
    line: { item_id: part ? { id: part.item_id, code: part.item.code ?? '', name: part.item.name, unit: part.unit, units: [...new Set([part.unit, part.entered?.unit ?? part.unit])] } : null, quantity: part?.entered?.quantity ?? part?.quantity ?? '1', unit: part?.entered?.unit ?? part?.unit ?? '', note: part?.note ?? '' },
  })
  const { list, line: values } = form.values
  // What was picked may not be counted in the unit that was asked for before.
  const unit = values.item_id?.units?.includes(values.unit) ? values.unit : (values.item_id?.unit ?? '')
  const line = partOf(form, 'items.0', { ...values, unit }, (changed) => form.set('line', changed))
  const save = useCommand(
    ({ to, body }: { to: ListOf; body: SparePartBody }) =>
      changeList(to, (now) => {
        if (!part && standsIn(now, to.list, body)) throw new Error(t('twice', { code: values.item_id?.code }))
        return linesWith(now, to.list, body.item_id, body)
      }),
    { refresh: sparePartKeys, done: onClose },
  )
  const send = () =>
    save.mutate(
      {
        to: listOf(of, list),
        body: { item_id: idOf(values.item_id), quantity: decimalOf(values.quantity), unit: unit || undefined, note: values.note.trim() || undefined },
      },
      { onError: (error) => void form.refuse(error) },
    )
  // A line of the asset's own stays its own; of others one says whether all assets of the template shall have it.
  const asks = of.template && part?.source !== 'asset'
  return (
    <Sheet title={part ? t('change', { code: part.item.code }) : t('sheet', { code: of.code })} onClose={onClose} submit={t(part ? 'common:save' : 'add')} onSubmit={send} busy={save.isPending}>
      <FormProblem form={form} error={save.error} again={send} />
      {part ? null : <PickField form={line} name="item_id" label={t('stock:item')} source={items} autoFocus />}
      <DecimalField form={line} name="quantity" label={t('quantity')} unit={unit} autoFocus={part !== undefined} />
      <UnitField form={line} units={values.item_id?.units ?? []} />
      <TextField form={line} name="note" label={t('note')} optional maxLength={300} />
      {asks ? (
        <ChoiceField
          form={form}
          name="list"
          label={t('list')}
          choices={[
            { value: 'asset', label: t('list.asset') },
            { value: 'asset_template', label: t('list.asset_template', { name: of.template?.name }) },
          ]}
        />
      ) : null}
    </Sheet>
  )
}

/** Takes a line out of the list in which it stands, after a question. */
export function RemoveSparePart({ of, part, onClose }: SparePartSheetProps & { part: SparePart }) {
  const { t } = useTranslation('spare-parts')
  const from = listOf(of, part.source)
  const remove = useCommand((itemId: string) => changeList(from, (now) => linesWith(now, from.list, itemId)), { refresh: sparePartKeys, done: onClose })
  const send = () => remove.mutate(part.item_id)
  return (
    <Sheet title={t('remove', { code: part.item.code })} onClose={onClose} submit={t('remove.do')} onSubmit={send} busy={remove.isPending} danger>
      <CommandProblem error={remove.error} again={send} />
      <p style={{ margin: 0 }}>{from.list === 'asset' ? t('remove.asset') : t('remove.asset_template', { name: of.template?.name ?? of.code })}</p>
    </Sheet>
  )
}
