import { useTranslation } from 'react-i18next'
import { usePlace } from '../../../api/me'
import { AreaField, DateField, DecimalField, SelectField, TextField } from '../../../kit/Fields'
import { states } from '../../../kit/states'
import type { Fields } from '../../../kit/useFields'
import { RefField } from '../RefField'
import classes from './AssetForm.module.css'
import type { AssetValues } from './values'

/** The fields of an asset in four groups. Where it stands is asked of a new one only; later it is moved. */
export function AssetFields({ form, isNew }: { form: Fields<AssetValues>; isNew: boolean }) {
  const { t } = useTranslation('assets')
  const { t: word } = useTranslation('states')
  const { currency } = usePlace()
  const choices = (noun: 'asset' | 'lifecycle') => Object.keys(states[noun]).map((value) => ({ value, label: word(`${noun}.${value}`) }))
  return (
    <>
      <fieldset className={classes.group}>
        <legend>{t('form.what')}</legend>
        <TextField form={form} name="code" label={t('list.code')} maxLength={64} />
        <TextField form={form} name="name" label={t('list.name')} maxLength={300} />
        <RefField form={form} name="category_id" label={t('fact.category')} kind="category" />
        <SelectField form={form} name="criticality" label={t('list.criticality')} optional help={t('form.criticality_help')} choices={['A', 'B', 'C'].map((value) => ({ value, label: value }))} />
        <div className={classes.wide}>
          <AreaField form={form} name="description" label={t('field.description')} optional rows={2} />
        </div>
      </fieldset>
      {isNew ? (
        <fieldset className={classes.group}>
          <legend>{t('form.where')}</legend>
          <RefField form={form} name="location_id" label={t('fact.place')} kind="location" />
          <RefField form={form} name="parent_id" label={t('fact.part_of')} kind="asset" optional />
        </fieldset>
      ) : null}
      <fieldset className={classes.group}>
        <legend>{t('form.plate')}</legend>
        <TextField form={form} name="manufacturer" label={t('fact.maker')} optional maxLength={300} />
        <TextField form={form} name="model" label={t('field.model')} optional maxLength={300} />
        <TextField form={form} name="serial_number" label={t('fact.serial')} optional maxLength={200} />
        <TextField form={form} name="barcode" label={t('field.barcode')} optional maxLength={200} help={t('form.barcode_help')} />
      </fieldset>
      <fieldset className={classes.group}>
        <legend>{t('form.stands')}</legend>
        <SelectField form={form} name="operating_state" label={t('list.state')} choices={choices('asset')} />
        <SelectField form={form} name="lifecycle_state" label={t('list.lifecycle')} choices={choices('lifecycle')} />
        <DateField form={form} name="installed_on" label={t('field.installed_on')} optional />
        <DateField form={form} name="warranty_until" label={t('field.warranty_until')} optional />
      </fieldset>
      <fieldset className={classes.group}>
        <legend>{t('form.money')}</legend>
        <DecimalField form={form} name="purchase_price" label={t('field.purchase_price')} optional unit={currency} />
        <DateField form={form} name="purchased_on" label={t('field.purchased_on')} optional />
        <DecimalField form={form} name="replacement_price" label={t('field.replacement_price')} optional unit={currency} help={t('form.replacement_help')} />
        <RefField form={form} name="cost_center_id" label={t('fact.cost_center')} kind="cost_center" optional />
        <RefField form={form} name="department_id" label={t('fact.department')} kind="department" optional />
      </fieldset>
    </>
  )
}
