import { useTranslation } from 'react-i18next'
import { ChoiceField } from '../../kit/Fields'
import type { Fields } from '../../kit/useFields'

/** In which of an item's units a quantity is; nothing where it has but one. */
export function UnitField<V extends { unit: string }>({ form, units }: { form: Fields<V>; units: string[] }) {
  const { t } = useTranslation('stock')
  if (units.length < 2) return null
  return <ChoiceField form={form} name={'unit' as keyof V & string} label={t('unit')} choices={units.map((value) => ({ value, label: value }))} />
}
