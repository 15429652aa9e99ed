import { useTranslation } from 'react-i18next'
import { SavedViews } from '../../kit/SavedViews'
import { ViewLink } from '../../kit/ViewLink'

/** The two lists: what was stored, and what was proven. */
export function Tabs({ current }: { current: 'backups' | 'drills' }) {
  const { t } = useTranslation('backups')
  return (
    <SavedViews
      label={t('lists')}
      views={(['backups', 'drills'] as const).map((key) => ({ key, label: t(key) }))}
      current={current}
      link={({ key }, props) => <ViewLink to={key === 'drills' ? '/admin/restore-drills' : '/admin/backups'} {...props} />}
    />
  )
}
