import { Button } from '@mantine/core'
import { hideNotification, showNotification } from '@mantine/notifications'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../api/me'
import { splitNumber } from '../../kit/Code'
import { date, today } from '../../kit/figures'
import type { CommandName } from '../work-orders/detail/commands'
import { type OrderMove, useOrderMove } from '../work-orders/list/useOrderMove'
import type { WorkOrder } from './usePlanned'
import classes from './WeekPlan.module.css'

const undoFor = 8000

/** Moves orders between days and people, and offers for 8 s to take it back where the order had a day before. */
export function usePlanMove(): OrderMove {
  const { t } = useTranslation('week-plan')
  const { locale, zone } = usePlace()
  const back = useRef<OrderMove>(null)
  const move = useOrderMove((before: WorkOrder, name: CommandName, after: WorkOrder) => {
    if (!before.start_on || (name !== 'schedule' && name !== 'assign')) return
    const body = { ...(name === 'schedule' ? { start_on: before.start_on } : {}), assignee_ids: (before.assignees ?? []).map(({ id }) => id) }
    const id = `undo ${after.id}`
    showNotification({
      id,
      autoClose: undoFor,
      closeButtonProps: { 'aria-label': t('common:close') },
      message: (
        <span className={classes.undo}>
          {t('moved', { order: splitNumber(after.number)[1], day: date(after.start_on, locale, today(zone), true), people: (after.assignees ?? []).map((person) => person.name).join(', ') || t('kit:nobody') })}
          <Button
            onClick={() => {
              hideNotification(id)
              // The answer has a new version; the undo is meant for that one.
              back.current?.run(after, name, body)
            }}
          >
            {t('undo')}
          </Button>
        </span>
      ),
    })
  })
  back.current = move
  return move
}
