import { SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Panel } from '../../kit/Panel'
import { usePreferences } from '../../kit/preferences'
import { usePrefer } from '../../kit/usePrefer'
import classes from './Profile.module.css'

/** Light or dark, row height and single letters: at once, on every device of the account. */
export function Look() {
  const { t } = useTranslation('profile')
  const { colorScheme } = useMantineColorScheme()
  const prefer = usePrefer()
  const { density, letters } = usePreferences()
  return (
    <Panel title={t('look')} note={t('look_note')}>
      <div className={classes.form}>
        <Choice label={t('scheme')}>
          <SegmentedControl
            aria-label={t('scheme')}
            value={colorScheme}
            onChange={(value) => prefer({ theme: value === 'auto' ? 'system' : (value as 'light' | 'dark') })}
            data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(`scheme.${value}`) }))}
          />
        </Choice>
        <Choice label={t('density')}>
          <SegmentedControl
            aria-label={t('density')}
            value={density}
            onChange={(value) => prefer({ density: value as typeof density })}
            data={(['compact', 'comfortable'] as const).map((value) => ({ value, label: t(`density.${value}`) }))}
          />
        </Choice>
        <Switch label={t('letters')} description={t('letters_help')} checked={letters} onChange={(event) => prefer({ letters: event.currentTarget.checked })} />
      </div>
    </Panel>
  )
}

function Choice({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset className={classes.choice}>
      <legend>{label}</legend>
      {children}
    </fieldset>
  )
}
