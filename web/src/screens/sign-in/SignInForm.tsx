import { Button, PasswordInput, TextInput } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../../api/client'
import { type Me, meQuery } from '../../api/me'
import { queries } from '../../api/query'
import { usePhone } from '../../kit/usePhone'
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

interface SignInFormProps {
  /** Who signs in here most likely. */
  likely?: string
  /** Why nobody can sign in yet. */
  locked?: string
  /** What helps with the password, below its field. */
  children?: ReactNode
}

/** The fields and the command. The session is a cookie that no script reads; nothing is kept in the browser's storage. */
export function SignInForm({ likely = '', locked, children }: SignInFormProps) {
  const { t } = useTranslation('sign-in')
  const router = useRouter()
  const { to } = route.useSearch()
  const [email, setEmail] = useState(likely)
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const reason = useId()
  // On a phone its keyboard would cover the page, and the page would begin at its end.
  const focus = !usePhone()

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (locked) return
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

  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput label={t('email')} type="email" autoComplete="username" required withAsterisk={false} value={email} onChange={(e) => setEmail(e.currentTarget.value)} autoFocus={focus && !likely} />
      <PasswordInput label={t('password')} autoComplete="current-password" visibilityToggleButtonProps={{ 'aria-label': t('common:password.show') }} required withAsterisk={false} value={password} onChange={(e) => setPassword(e.currentTarget.value)} autoFocus={focus && !!likely} />
      {children}
      {problem ? (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      ) : null}
      {locked ? (
        <>
          <Button type="submit" aria-disabled aria-describedby={reason} className={classes.dashed} leftSection={<IconLock size={16} stroke={1.75} />} fullWidth>
            {t('submit')}
          </Button>
          <p id={reason} className={classes.reason}>
            {locked}
          </p>
        </>
      ) : (
        <Button type="submit" variant="filled" loading={busy} fullWidth>
          {t('submit')}
        </Button>
      )}
    </form>
  )
}
