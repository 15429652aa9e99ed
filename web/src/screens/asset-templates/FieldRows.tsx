import { ActionIcon, Button } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { AreaField, CheckField, SelectField, TextField } from '../../kit/Fields'
import { type Fields, partOf } from '../../kit/useFields'
import { emptyField, type FieldDraft, fieldKinds } from './fields'
import classes from './FieldRows.module.css'
import type { TemplateValues } from './values'

const icon = { size: 16, stroke: 1.75 }

/** The custom fields of a template: each is added, changed or taken away. */
export function FieldRows({ form }: { form: Fields<TemplateValues> }) {
  const { t } = useTranslation('asset-templates')
  const { fields } = form.values
  const set = (next: FieldDraft[]) => form.set('fields', next)
  return (
    <>
      {fields.map((field, at) => (
        <fieldset key={at} className={classes.field}>
          <legend>{t('field', { number: at + 1 })}</legend>
          <ActionIcon className={classes.remove} variant="subtle" aria-label={t('field.remove', { number: at + 1 })} onClick={() => set(fields.filter((_, index) => index !== at))}>
            <IconTrash {...icon} />
          </ActionIcon>
          <Field form={partOf(form, `fields.${at}`, field, (changed) => set(fields.map((old, index) => (index === at ? changed : old))))} />
        </fieldset>
      ))}
      <div>
        <Button leftSection={<IconPlus {...icon} />} onClick={() => set([...fields, emptyField()])}>
          {t('field.add')}
        </Button>
      </div>
    </>
  )
}

function Field({ form }: { form: Fields<FieldDraft> }) {
  const { t } = useTranslation('asset-templates')
  const { kind } = form.values
  return (
    <>
      <TextField form={form} name="title" label={t('field.title')} />
      {kind === 'other' ? <p className={classes.quiet}>{t('field.other')}</p> : <SelectField form={form} name="kind" label={t('field.kind')} choices={fieldKinds.map((value) => ({ value, label: t(`field.kind.${value}`) }))} />}
      {kind === 'choice' ? <AreaField form={form} name="choices" label={t('field.choices')} help={t('field.choices_help')} /> : null}
      <CheckField form={form} name="required" label={t('field.required')} />
    </>
  )
}
