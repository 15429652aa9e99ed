import { Button, PasswordInput, TextInput } from '@mantine/core'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../../api/client'
import { type Me, meQuery } from '../../api/me'
import { queries } from '../../api/query'
import classes from './SignIn.module.css'

const route = getRouteApi('/login')

async function signIn(email: string, password: string) {
  const response = await fetch('/v1/auth/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Mainstay-CSRF': '1' },
    body: JSON.stringify({ email, password }),
  })
  if (!response.ok) throw new Problem(response.status, await response.json())
  return (await response.json()) as Me
}

/** Sign-in. The session is a cookie that no script reads; nothing is kept in the browser's storage. */
export function SignIn() {
  const { t } = useTranslation('sign-in')
  const router = useRouter()
  const { to } = route.useSearch()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setProblem('')
    try {
      const me = await signIn(email, password)
      queries.clear()
      queries.setQueryData(meQuery.queryKey, me)
      router.history.push(to ?? '/')
    } catch (error) {
      setProblem(error instanceof Problem ? error.message : t('no_network'))
    } finally {
      setBusy(false)
    }
  }

  useEffect(() => {
    document.title = `${t('submit')} · Mainstay`
  }, [t])

  return (
    <main className={classes.page}>
      <form className={classes.form} onSubmit={submit}>
        <img src="/mark.svg" alt="" width={28} height={28} />
        <h1>{t('title')}</h1>
        <TextInput label={t('email')} type="email" autoComplete="username" required withAsterisk={false} value={email} onChange={(e) => setEmail(e.currentTarget.value)} autoFocus />
        <PasswordInput label={t('password')} autoComplete="current-password" visibilityToggleButtonProps={{ 'aria-label': t('common:password.show') }} required withAsterisk={false} value={password} onChange={(e) => setPassword(e.currentTarget.value)} />
        {problem ? (
          <p className={classes.problem} role="alert">
            {problem}
          </p>
        ) : null}
        <Button type="submit" variant="filled" loading={busy} fullWidth>
          {t('submit')}
        </Button>
        <p className={classes.help}>{t('help')}</p>
      </form>
    </main>
  )
}
