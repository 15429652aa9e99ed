import { useTranslation } from 'react-i18next'
import { useMe } from '../../api/me'
import { PageTitle } from '../../kit/PageTitle'
import { useRoleWords } from '../../shell/OwnMenu'
import { Delegations } from '../approvals/Delegations'
import { About } from './About'
import { Look } from './Look'
import { Password } from './Password'
import classes from './Profile.module.css'
import { SignIns } from './SignIns'

/** The person's own page: name and language, how the screens look here, password, and where the person is signed in. */
export function Profile() {
  const { t } = useTranslation('profile')
  const me = useMe()
  return (
    <div className={classes.page}>
      <PageTitle title={t('title')} note={`${me.email}, ${useRoleWords()}`} />
      <div className={classes.panels}>
        <About />
        <Look />
        <Delegations />
        <Password />
        <SignIns />
      </div>
    </div>
  )
}
