import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/me'
import { Go } from '../../kit/Go'
import { approvalQuery } from './approval'

/** For whose approval something waits, with the way to it. Nothing for who has nothing to do with the approval. */
export function WaitingFor({ approvalId }: { approvalId: string }) {
  const { t, i18n } = useTranslation('approvals')
  const may = useMay()
  const approval = useQuery({ ...approvalQuery(approvalId), enabled: may('approvals.read') }).data
  if (approval?.status !== 'open') return null
  const names = (approval.route ?? []).flatMap(({ steps }) => (steps ?? []).filter(({ status }) => status === 'pending').map(({ person }) => person.name))
  const who = new Intl.ListFormat(i18n.language === 'pseudo' ? 'en' : i18n.language, { type: 'conjunction' }).format(names)
  return (
    <p>
      {t('waiting_for', { who })} <Go href={`/approvals/${approval.id}`}>{t('see_approval')}</Go>
    </p>
  )
}
