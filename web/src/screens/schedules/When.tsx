import { ActionIcon, Button, Textarea } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../api/me'
import { today } from '../../kit/figures'
import { CalendarSentence } from './CalendarSentence'
import { DayInput } from './DayInput'
import type { Draft } from './draft'
import type { Faults } from './Editor'
import { MeterSentence } from './MeterSentence'
import { plain, type Sentence, workdays } from './rule'
import classes from './When.module.css'

/** When it is due: by date, by meter, or by whichever comes first. The rule is a sentence with fields in it. */
export function When({ draft, change, faults }: { draft: Draft; change: (draft: Draft) => void; faults: Faults }) {
  const { t } = useTranslation('schedules')
  const { zone } = usePlace(draft.place?.siteId)
  const { calendar, meter } = draft
  const sentence = calendar?.sentence
  const say = (next: Sentence) => calendar && change({ ...draft, calendar: { ...calendar, sentence: next } })
  const fault = faults.rule ?? faults.startsOn ?? faults.meter ?? faults.every
  return (
    <fieldset className={classes.panel}>
      <legend className={classes.legend}>{t('editor.when')}</legend>
      <h2 aria-hidden>{t('editor.when')}</h2>
      {calendar ? (
        <div className={classes.row}>
          {sentence ? (
            <CalendarSentence sentence={sentence} startsOn={calendar.startsOn} say={say} />
          ) : (
            <Textarea
              className={classes.text}
              label={t('when.text')}
              description={t('when.text_help')}
              inputWrapperOrder={['label', 'input', 'description']}
              data-field="rule"
              autosize
              value={calendar.text}
              onChange={(event) => change({ ...draft, calendar: { ...calendar, text: event.currentTarget.value } })}
            />
          )}
          <span className={classes.words}>{t('when.from')}</span>
          <DayInput field="startsOn" label={t('when.first')} value={calendar.startsOn} onChange={(startsOn) => change({ ...draft, calendar: { ...calendar, startsOn } })} />
          {meter ? (
            <ActionIcon className={classes.remove} aria-label={t('when.remove_calendar')} onClick={() => change({ ...draft, calendar: null })}>
              <IconX size={16} stroke={1.75} />
            </ActionIcon>
          ) : null}
        </div>
      ) : null}
      {meter ? <MeterSentence draft={draft} meter={meter} change={change} /> : null}
      {calendar && meter ? <p className={classes.both}>{t('when.first_of')}</p> : null}
      {fault ? (
        <p className={classes.error} role="alert">
          {fault}
        </p>
      ) : null}
      <div className={classes.chips}>
        {!calendar ? <Add label={t('when.add_calendar')} act={() => change({ ...draft, calendar: { sentence: { ...plain, every: 3 }, text: '', startsOn: today(zone) } })} /> : null}
        {!meter && draft.place?.kind !== 'location' ? <Add label={t('when.add_meter')} act={() => change({ ...draft, meter: { id: '', every: '500' } })} /> : null}
        {sentence && sentence.unit !== 'year' && sentence.months.length === 0 ? <Add label={t('when.add_season')} act={() => say({ ...sentence, months: [4, 5, 6, 7, 8, 9] })} /> : null}
        {sentence?.unit === 'day' && sentence.weekdays.length === 0 ? <Add label={t('when.add_workdays')} act={() => say({ ...sentence, weekdays: workdays })} /> : null}
        {sentence && !sentence.until && !sentence.count ? <Add label={t('when.add_end')} act={() => say({ ...sentence, until: `${Number((calendar?.startsOn || today(zone)).slice(0, 4)) + 5}-12-31` })} /> : null}
        {calendar && !sentence ? (
          <Button variant="subtle" onClick={() => say({ ...plain, every: 3 })}>
            {t('when.sentence')}
          </Button>
        ) : null}
      </div>
    </fieldset>
  )
}

function Add({ label, act }: { label: string; act: () => void }) {
  return (
    <button type="button" className={`${classes.add} ms-focus`} onClick={act}>
      <IconPlus size={14} stroke={1.75} />
      {label}
    </button>
  )
}
