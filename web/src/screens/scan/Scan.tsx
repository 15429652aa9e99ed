import { Button, TextInput } from '@mantine/core'
import { IconKeyboard, IconScan } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePageName } from '../../kit/pageName'
import { FoundRecord } from './FoundRecord'
import classes from './Scan.module.css'
import { useWedge } from './useWedge'
import { codeOf } from './wedge'

const route = getRouteApi('/shell/scan')

/** Finds a record by its label: typed, or read by a scanner that types like a keyboard. The code stands in the address. */
export function Scan() {
  const { t } = useTranslation('scan')
  const { code } = route.useSearch()
  const navigate = route.useNavigate()
  const [typing, setTyping] = useState(false)
  usePageName(code ? '' : t('title'))

  const take = (scanned: string) => {
    setTyping(false)
    void navigate({ search: { code: codeOf(scanned) } })
  }
  useWedge(take)

  if (!code || typing) {
    return (
      <div className={classes.page}>
        <Ask onCode={take} />
      </div>
    )
  }
  return (
    <div className={classes.page}>
      <FoundRecord key={code} code={code} again={<Button onClick={() => setTyping(true)}>{t('type')}</Button>} />
      <div className={classes.next} data-phone-commands="in-flow">
        <Button leftSection={<IconScan size={20} stroke={1.75} />} onClick={() => void navigate({ search: {} })}>
          {t('next')}
        </Button>
        <Button leftSection={<IconKeyboard size={20} stroke={1.75} />} onClick={() => setTyping(true)}>
          {t('type')}
        </Button>
      </div>
    </div>
  )
}

function Ask({ onCode }: { onCode: (code: string) => void }) {
  const { t } = useTranslation('scan')
  const [typed, setTyped] = useState('')
  function submit(event: FormEvent) {
    event.preventDefault()
    if (typed.trim()) onCode(typed)
  }
  return (
    <form className={classes.ask} onSubmit={submit}>
      <h1>{t('title')}</h1>
      <p className={classes.place}>{t('help')}</p>
      <TextInput label={t('code')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoFocus autoComplete="off" autoCapitalize="characters" spellCheck={false} enterKeyHint="search" leftSection={<IconScan size={20} stroke={1.75} />} />
      <Button type="submit" variant="filled" className={classes.main}>
        {t('find')}
      </Button>
    </form>
  )
}
