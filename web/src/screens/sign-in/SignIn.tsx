import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { FirstRun } from './FirstRun'
import classes from './SignIn.module.css'
import { SignInForm } from './SignInForm'
import { servedByStack } from './start'

/** Sign-in. On the machine that runs the whole stack it stands beside how far the stack is. */
export function SignIn() {
  const { t } = useTranslation('sign-in')
  useEffect(() => {
    document.title = `${t('submit')} · Mainstay`
  }, [t])
  return servedByStack() ? <FirstRun /> : <Card />
}

function Card() {
  const { t } = useTranslation('sign-in')
  return (
    <main className={classes.page}>
      <section className={classes.card}>
        <img src="/mark.svg" alt="" width={28} height={28} />
        <h1>{t('title')}</h1>
        <SignInForm />
        <p className={classes.help}>{t('help')}</p>
      </section>
    </main>
  )
}
