import { useTranslation } from 'react-i18next'
import { CommandProblem } from '../../kit/CommandProblem'
import { Code } from '../../kit/Code'
import { Commands } from '../../kit/Commands'
import { Go } from '../../kit/Go'
import { State } from '../../kit/State'
import { useTimer } from '../work-orders/detail/Hours'
import { AssetDown } from '../work-orders/detail/OrderHead'
import type { WorkOrder } from '../work-orders/detail/order'
import { clock } from '../work-orders/detail/timer'
import { useOrderCommands } from '../work-orders/detail/useOrderCommands'
import classes from './NowCard.module.css'

/** The order that waits for the reader's hands: what runs, or what comes first, with its next commands. */
export function NowCard({ order }: { order: WorkOrder }) {
  const { t } = useTranslation('my-work')
  const { commands, sheet, error, again } = useOrderCommands(order, { short: true })
  const timer = useTimer(order)
  const at = order.asset ?? order.location
  const shown = commands.filter(({ name }) => ['start', 'complete', 'hold', 'resume'].includes(name)).sort((a, b) => Number(a.name === 'hold') - Number(b.name === 'hold'))
  return (
    <article className={classes.card} aria-label={order.title}>
      <Go href={`/work-orders/${order.id}`} className={classes.link}>
        <span className={classes.top}>
          <State noun="work_order" state={order.status} />
          {timer === undefined ? null : (
            <span className={classes.timer} role="timer" aria-label={t('timer')}>
              {clock(timer)}
            </span>
          )}
        </span>
        <span className={classes.where}>
          <span className={classes.code}>
            <Code>{at?.code}</Code>
          </span>
          <AssetDown assetId={order.asset_id} />
        </span>
        <span className={classes.title}>{order.title}</span>
        <span className={classes.place}>{[order.asset?.name, order.location?.name].filter(Boolean).join(', ')}</span>
      </Go>
      <CommandProblem error={error} again={again} />
      <Commands commands={shown} place="card" />
      {sheet}
    </article>
  )
}
