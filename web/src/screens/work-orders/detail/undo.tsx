import { Button } from '@mantine/core'
import { hideNotification, showNotification } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../../api/me'
import { splitNumber } from '../../../kit/Code'
import { date, today } from '../../../kit/figures'
import { type CommandName, reverseOf } from './commands'
import type { WorkOrder, WorkOrderCommandBody } from './order'
import classes from './undo.module.css'

const undoFor = 8000

/** Says what a plan or an assignment became, and offers for 8 s to take it back; nothing for what cannot be taken back. */
export function useOfferUndo(): (before: WorkOrder, name: CommandName, after: WorkOrder, run: (body: WorkOrderCommandBody) => void) => void {
  const { t } = useTranslation('work-order')
  const { locale, zone } = usePlace()
  return (before, name, after, run) => {
    const body = reverseOf(before, name)
    if (!body) return
    const id = `undo ${after.id}`
    const order = splitNumber(after.number)[1]
    const people = (after.assignees ?? []).map((person) => person.name).join(', ') || t('kit:nobody')
    hideNotification(id)
    showNotification({
      id,
      autoClose: undoFor,
      closeButtonProps: { 'aria-label': t('common:close') },
      message: (
        <span className={classes.undo}>
          {name === 'schedule' ? t('undo.planned', { order, day: date(after.start_on, locale, today(zone), true), people }) : t('undo.assigned', { order, people })}
          <Button
            onClick={() => {
              hideNotification(id)
              run(body)
            }}
          >
            {t('undo')}
          </Button>
        </span>
      ),
    })
  }
}
