import type { TFunction } from 'i18next'
import type { Place } from '../../../api/me'
import { Code } from '../../../kit/Code'
import { date, money } from '../../../kit/figures'
import { State } from '../../../kit/State'
import type { TableColumn } from '../../../kit/tableItems'
import type { Asset } from '../queries'

/** The columns of the list of assets. */
export function assetColumns(t: TFunction<'assets'>, { locale }: Place, today: string): TableColumn<Asset>[] {
  return [
    { key: 'code', head: t('list.code'), width: 128, sort: 'code', cell: (asset) => <Code>{asset.code}</Code> },
    { key: 'name', head: t('list.name'), sort: 'name', cell: (asset) => asset.name },
    { key: 'category', head: t('fact.category'), width: 130, rank: 4, cell: (asset) => asset.category.name },
    { key: 'location', head: t('fact.place'), width: 150, rank: 2, cell: (asset) => asset.location.name },
    { key: 'state', head: t('list.state'), width: 130, rank: 1, cell: (asset) => <State noun="asset" state={asset.operating_state} /> },
    { key: 'criticality', head: t('list.criticality'), width: 76, rank: 5, cell: (asset) => asset.criticality },
    { key: 'lifecycle', head: t('list.lifecycle'), width: 150, rank: 7, extra: true, cell: (asset) => <State noun="lifecycle" state={asset.lifecycle_state} /> },
    { key: 'maker', head: t('fact.maker'), width: 150, rank: 6, extra: true, cell: (asset) => [asset.manufacturer, asset.model].filter(Boolean).join(', ') },
    { key: 'serial', head: t('fact.serial'), width: 180, rank: 6, extra: true, cell: (asset) => <Code>{asset.serial_number ?? ''}</Code> },
    { key: 'parent', head: t('fact.part_of'), width: 128, rank: 8, extra: true, cell: (asset) => <Code>{asset.parent?.code}</Code> },
    { key: 'cost_center', head: t('fact.cost_center'), width: 110, rank: 8, extra: true, cell: (asset) => <Code>{asset.cost_center?.code}</Code> },
    { key: 'warranty', head: t('fact.warranty'), width: 110, align: 'right', rank: 8, extra: true, cell: (asset) => date(asset.warranty_until, locale, today) },
    { key: 'price', head: t('field.purchase_price'), width: 120, align: 'right', rank: 8, extra: true, cell: (asset) => money(asset.purchase_price, locale) },
  ]
}
