import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../../api/me'
import { RecordNumber } from '../../../kit/Code'
import { CommandMenu } from '../../../kit/Commands'
import { CommandProblem } from '../../../kit/CommandProblem'
import { quantity } from '../../../kit/figures'
import { SelectionBar } from '../../../kit/SelectionBar'
import { useCommand } from '../../../kit/useCommand'
import { bulkCommands, type BulkName } from './bulk'
import classes from './BulkBar.module.css'
import { BulkSheet } from './BulkSheet'
import { type BulkAsked, sendBulk } from './sendBulk'
import type { WorkOrder } from './useWorkOrders'

/** Commands that need nothing more than the click. */
const plain = new Set<BulkName>(['approve', 'start', 'resume', 'close'])
const buttons = 3

interface BulkBarProps {
  /** The selected orders. */
  orders: WorkOrder[]
  onSelected: (ids: Set<string>) => void
  /** The filter row, in whose place the commands stand while something is selected. */
  children: ReactNode
}

interface Outcome {
  name: BulkName
  done: number
  refused: { order: WorkOrder | undefined; id: string; why: string }[]
}

/** Asks the same of all selected orders, as far as each allows it, and says of each what became of it. */
export function BulkBar({ orders, onSelected, children }: BulkBarProps) {
  const { t } = useTranslation('work-order-list')
  const may = useMay()
  const { locale } = usePlace()
  const [asked, setAsked] = useState<{ name: BulkName; orders: WorkOrder[] }>()
  const [outcome, setOutcome] = useState<Outcome>()
  const command = useCommand(sendBulk, {
    refresh: ['work-orders', 'assets'],
    done(results, { name }) {
      setAsked((is) => (is?.name === name ? undefined : is)) // by now the person may have opened the next one
      const refused = results.filter(({ status }) => status >= 300)
      setOutcome({
        name,
        done: results.length - refused.length,
        refused: refused.map(({ id, problem }) => ({ id, order: orders.find((order) => order.id === id), why: problem?.detail ?? problem?.title ?? '' })),
      })
      onSelected(new Set(refused.map(({ id }) => id)))
    },
  })
  const send = (input: BulkAsked) => command.mutate(input)
  const commands = bulkCommands(orders, may).map(({ name, orders: legal }) => ({
    name,
    label: legal.length === orders.length ? t(`bulk.${name}`) : t('bulk.some', { act: t(`bulk.${name}`), count: legal.length, of: quantity(orders.length, locale) }),
    danger: name === 'cancel',
    busy: command.isPending && command.variables.name === name,
    run() {
      command.reset()
      setOutcome(undefined)
      if (plain.has(name)) send({ name, ids: legal.map(({ id }) => id), body: {} })
      else setAsked({ name, orders: legal })
    },
  }))
  return (
    <>
      {orders.length > 0 ? (
        <SelectionBar count={orders.length} onClear={() => onSelected(new Set())}>
          {commands.slice(0, buttons).map((each) => (
            <Button key={each.name} color={each.danger ? 'red' : undefined} aria-disabled={command.isPending || undefined} aria-busy={each.busy || undefined} onClick={() => !command.isPending && each.run()}>
              {each.label}
            </Button>
          ))}
          <CommandMenu commands={commands.slice(buttons)} />
          {commands.length === 0 ? <span className={classes.none}>{t('bulk.none')}</span> : null}
        </SelectionBar>
      ) : (
        children
      )}
      {asked ? null : <CommandProblem error={command.error} again={() => command.variables && send(command.variables)} />}
      {outcome ? (
        <div className={classes.outcome} role="status">
          <div>
            <p>{t('bulk.result', { act: t(`bulk.${outcome.name}`), done: quantity(outcome.done, locale), of: quantity(outcome.done + outcome.refused.length, locale) })}</p>
            {outcome.refused.length > 0 ? (
              <>
                <p>{t('bulk.refused')}</p>
                <ul>
                  {outcome.refused.map(({ id, order, why }) => (
                    <li key={id}>
                      {order ? (
                        <>
                          <RecordNumber value={order.number} short /> {order.title}:{' '}
                        </>
                      ) : null}
                      {why}
                    </li>
                  ))}
                </ul>
              </>
            ) : null}
          </div>
          <Tooltip label={t('common:close')}>
            <ActionIcon aria-label={t('common:close')} onClick={() => setOutcome(undefined)}>
              <IconX size={16} stroke={1.75} />
            </ActionIcon>
          </Tooltip>
        </div>
      ) : null}
      {asked ? (
        <BulkSheet
          name={asked.name}
          count={asked.orders.length}
          error={command.error}
          busy={command.isPending}
          onClose={() => setAsked(undefined)}
          send={(body) => send({ name: asked.name, ids: asked.orders.map(({ id }) => id), body })}
        />
      ) : null}
    </>
  )
}
