import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { Code } from '../../kit/Code'
import { Failed, Loading, Note } from '../../kit/ScreenStates'
import { StateGlyph } from '../../kit/State'
import classes from './FoundAssets.module.css'

/** Assets whose code, name or serial number holds the text, in the place of the tree. */
export function FoundAssets({ text, assetId }: { text: string; assetId?: string }) {
  const { t } = useTranslation('assets')
  const found = useQuery({ queryKey: ['assets', 'found', text], queryFn: () => ok(api.GET('/v1/assets', { params: { query: { q: text, limit: 50, sort: 'code' } } })) })
  if (found.isPending) return <Loading />
  if (found.isError) return <Failed error={found.error} retry={() => void found.refetch()} />
  const items = found.data.items ?? []
  if (items.length === 0) return <Note title={t('found.none', { text })}>{t('found.none_help')}</Note>
  return (
    <ul className={classes.list} aria-label={t('found')}>
      {items.map((asset) => (
        <li key={asset.id}>
          <Link to="/assets/$assetId" params={{ assetId: asset.id }} search={(search) => search} className={classes.row} aria-current={asset.id === assetId ? 'page' : undefined}>
            <span className={classes.first}>
              <Code>{asset.code}</Code>
              <span className={classes.name}>{asset.name}</span>
              {asset.operating_state !== 'up' ? <StateGlyph noun="asset" state={asset.operating_state} size={14} /> : null}
            </span>
            <span className={classes.place}>{asset.location.name}</span>
          </Link>
        </li>
      ))}
      {found.data.next_cursor ? <li className={classes.place}>{t('found.more')}</li> : null}
    </ul>
  )
}
