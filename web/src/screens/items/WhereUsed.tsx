import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { Code } from '../../kit/Code'
import { quantity } from '../../kit/figures'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { usePages } from '../../kit/usePages'
import classes from '../stock/Page.module.css'
import type { Item } from '../stock/queries'

type Use = Schemas['WhereUsed']

const pageSize = 50

/** The assets into which an item belongs, and the templates that say so for all their assets. */
export function WhereUsed({ item }: { item: Item }) {
  const { t } = useTranslation('spare-parts')
  const pages = usePages<Use>(['spare-parts', 'where used', item.id], (cursor, signal) => ok(api.GET('/v1/items/{id}/where-used', { params: { path: { id: item.id }, query: { limit: pageSize, cursor } }, signal })))
  const { rows } = pages
  return (
    <Panel title={t('where_used')} flush>
      {pages.error ? <Failed error={pages.error} retry={pages.retry} /> : !rows ? <Loading rows={3} /> : rows.length === 0 ? <p className={classes.none}>{t('where_used.none')}</p> : null}
      {rows && rows.length > 0 ? (
        <ul className={classes.rows}>
          {rows.map((use) => (
            <Row key={use.id} use={use} unit={item.unit} />
          ))}
        </ul>
      ) : null}
      {rows && pages.more ? (
        <div className={classes.foot}>
          <Button onClick={() => pages.onVisible(0, rows.length)}>{t('where_used.more')}</Button>
        </div>
      ) : null}
    </Panel>
  )
}

function Row({ use, unit }: { use: Use; unit: string }) {
  const { t } = useTranslation('spare-parts')
  const may = useMay()
  const { locale } = usePlace()
  const name = (
    <>
      <Code>{use.code}</Code> {use.name}
    </>
  )
  return (
    <li>
      <span className={classes.what}>
        {!may('assets.read') ? (
          name
        ) : use.kind === 'asset' ? (
          <Link to="/assets/$assetId" params={{ assetId: use.id }} search={{ tab: 'spare-parts' }}>
            {name}
          </Link>
        ) : (
          <Link to="/assets" search={{ template_id: use.id }}>
            {name}
          </Link>
        )}
      </span>
      {use.kind === 'asset_template' ? <span className={classes.chip}>{t('where_used.template', { count: use.asset_count, figure: quantity(use.asset_count, locale) })}</span> : null}
      <span className={classes.figure}>
        {quantity(use.quantity, locale)} {unit}
      </span>
      {use.note ? <span className={`${classes.wide} ${classes.quiet}`}>{use.note}</span> : null}
    </li>
  )
}
