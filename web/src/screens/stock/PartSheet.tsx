import { TextInput } from '@mantine/core'
import { IconScan } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, Problem } from '../../api/client'
import { CommandProblem } from '../../kit/CommandProblem'
import { Sheet } from '../../kit/Sheet'
import { useFields } from '../../kit/useFields'
import { codeOf } from '../scan/wedge'
import { useWedge } from '../scan/useWedge'
import { PickField } from './PickField'
import type { PickedItem } from './picked'
import { items } from './sources'

interface PartSheetProps {
  title: string
  /** A code that was read already. */
  code?: string
  onItem: (itemId: string) => void
  onClose: () => void
}

/** Finds an item by its label, read or typed, or by its name. */
export function PartSheet({ title, code, onItem, onClose }: PartSheetProps) {
  const { t } = useTranslation('stock')
  const [typed, setTyped] = useState(code ?? '')
  const form = useFields({ item_id: null as PickedItem | null })
  const find = useMutation({
    mutationFn: async (asked: string) => {
      const record = await ok(api.GET('/v1/lookup', { params: { query: { code: asked } } }))
      if (record.kind !== 'item') throw new Error(t('scan.other', { code: record.code, name: record.name }))
      return record.id
    },
    onSuccess: onItem,
  })
  const take = (read: string) => {
    setTyped(codeOf(read))
    find.mutate(codeOf(read))
  }
  useWedge(take)
  useEffect(() => {
    if (code) find.mutate(code)
    // What was read before the sheet opened is looked up once.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [])
  const unknown = find.error instanceof Problem && find.error.status === 404
  return (
    <Sheet title={title} onClose={onClose} submit={t('scan.find')} onSubmit={() => typed.trim() && take(typed)} busy={find.isPending}>
      <CommandProblem error={unknown ? new Error(t('scan.unknown', { code: find.variables })) : find.error} />
      <TextInput label={t('scan.code')} description={t('scan.help')} inputWrapperOrder={['label', 'input', 'description', 'error']} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} data-autofocus autoComplete="off" autoCapitalize="characters" spellCheck={false} leftSection={<IconScan size={20} stroke={1.75} />} />
      <PickField form={form} name="item_id" label={t('scan.or')} source={items} optional onPicked={(item) => item && onItem(item.id)} />
    </Sheet>
  )
}
