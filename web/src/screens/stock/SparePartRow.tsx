import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../api/me'
import { Code } from '../../kit/Code'
import { quantity } from '../../kit/figures'
import classes from './Page.module.css'
import { isShort, type SparePart } from './spareParts'

/** A spare part as a row: its item, how much belongs in, whose list says so, and what lies free. Commands come as children. */
export function SparePartRow({ part, children }: { part: SparePart; children?: ReactNode }) {
  const { t } = useTranslation('spare-parts')
  const { locale } = usePlace()
  const written = (value: string) => `${quantity(value, locale)} ${part.unit}`
  return (
    <li>
      <span className={classes.what}>
        <Link to="/items/$itemId" params={{ itemId: part.item_id }}>
          <Code>{part.item.code}</Code> {part.item.name}
        </Link>
      </span>
      {part.source === 'asset_template' ? <span className={classes.chip}>{t('from_template')}</span> : null}
      {part.archived ? <span className={classes.chip}>{t('stock:archived')}</span> : null}
      {isShort(part) ? (
        <span className={classes.chip} data-late>
          {t('short')}
        </span>
      ) : null}
      <span className={classes.figure}>
        {written(part.quantity)}
        {part.entered ? ` (${quantity(part.entered.quantity, locale)} ${part.entered.unit})` : null}
      </span>
      {children}
      <span className={`${classes.wide} ${classes.quiet}`}>
        {t('free', { available: written(part.available), on_hand: written(part.on_hand) })}
        {part.note ? ` · ${part.note}` : null}
      </span>
    </li>
  )
}
