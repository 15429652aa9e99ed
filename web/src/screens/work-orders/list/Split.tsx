import { ActionIcon, Tooltip } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../../api/me'
import { BesideButtons } from '../../../kit/BesideButtons'
import { quantity } from '../../../kit/figures'
import { WorkOrderDetail } from '../detail/WorkOrderDetail'
import { List } from './List'
import classes from './Split.module.css'
import { useWorkOrderCount, useWorkOrderPages, useWorkOrderSearch } from './useWorkOrders'

const icon = { size: 16, stroke: 1.75 }

/** The list, and the order that is open at its right. Closing gives the focus back to the list. */
export function Split() {
  const { t } = useTranslation('work-order-list')
  const { search, change } = useWorkOrderSearch()
  const { locale } = usePlace()
  const wide = useMediaQuery('(min-width: 64em)', true, { getInitialValueInEffect: false })
  const pages = useWorkOrderPages(search)
  const total = useWorkOrderCount(search)
  const open = wide ? search.open : undefined
  const orders = pages.rows ?? []
  const at = orders.findIndex(({ id }) => id === open)
  const show = (id: string | undefined) => change({ open: id, part: undefined }, open !== undefined)
  const close = () => {
    show(undefined)
    document.querySelector<HTMLElement>('[data-scroll-restoration-id="work-orders"]')?.focus()
  }
  const neighbor = (step: 1 | -1) => (at < 0 ? undefined : orders[at + step])

  return (
    <div className={classes.split} data-open={open ? true : undefined}>
      <List pages={pages} onBeside={wide ? (order) => show(order.id) : undefined} onClose={() => open && close()} />
      {open ? (
        <aside className={classes.beside} aria-label={t('beside')} onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && close()}>
          <WorkOrderDetail
            id={open}
            tab={search.part}
            onTab={(part) => change({ part })}
            focus
            actions={
              <span className={classes.actions}>
                {at >= 0 && total ? <span className={classes.place}>{t('beside.place', { at: quantity(at + 1, locale), of: total })}</span> : null}
                <Tooltip label={t('beside.previous')}>
                  <ActionIcon aria-label={t('beside.previous')} aria-disabled={!neighbor(-1)} onClick={() => neighbor(-1) && show(neighbor(-1)?.id)}>
                    <IconChevronUp {...icon} />
                  </ActionIcon>
                </Tooltip>
                <Tooltip label={t('beside.next')}>
                  <ActionIcon aria-label={t('beside.next')} aria-disabled={!neighbor(1)} onClick={() => neighbor(1) && show(neighbor(1)?.id)}>
                    <IconChevronDown {...icon} />
                  </ActionIcon>
                </Tooltip>
                <BesideButtons label={t('beside.page')} page={(props) => <Link to="/work-orders/$id" params={{ id: open }} {...props} />} onClose={close} />
              </span>
            }
          />
        </aside>
      ) : null}
    </div>
  )
}
