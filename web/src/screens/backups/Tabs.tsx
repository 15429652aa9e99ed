import { useTranslation } from 'react-i18next'
import { SavedViews } from '../../kit/SavedViews'
import { ViewLink } from '../../kit/ViewLink'

const paths = { backups: '/admin/backups', drills: '/admin/restore-drills', retention: '/admin/retention-runs', files: '/admin/file-runs' } as const
export type Tab = keyof typeof paths

/** The lists: what was stored, what was proven, what went, and whether the files are there. */
export function Tabs({ current }: { current: Tab }) {
  const { t } = useTranslation('backups')
  return (
    <SavedViews
      label={t('lists')}
      views={(Object.keys(paths) as Tab[]).map((key) => ({ key, label: t(key) }))}
      current={current}
      link={({ key }, props) => <ViewLink to={paths[key as Tab]} {...props} />}
    />
  )
}
