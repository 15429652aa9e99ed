import i18next, { type TFunction } from 'i18next'
import { partsOf } from './changes'

/** Nouns that events are about, as far as the product has them. */
export const subjectTypes = [
  'work_order',
  'work_order_cost',
  'work_request',
  'maintenance_schedule',
  'asset',
  'location',
  'meter',
  'meter_reading',
  'labor_entry',
  'comment',
  'attachment',
  'job_plan',
  'asset_category',
  'asset_template',
  'department',
  'cost_center',
  'failure_code',
  'user',
  'session',
  'api_token',
  'import',
  'export',
  'tenant',
]

/** The word of a noun; one that this version does not know as it is written. */
export function nounWords(noun: string, t: TFunction<'audit'>): string {
  return i18next.exists(`audit:noun.${noun}`) ? t(`noun.${noun}` as 'noun.asset') : noun
}

/** «Work order: put on hold»; what this version does not know as it is written. */
export function actionWords(action: string, t: TFunction<'audit'>): string {
  const [noun, verb] = partsOf(action)
  return t('action_of', { noun: nounWords(noun, t), verb: i18next.exists(`audit:verb.${verb}`) ? t(`verb.${verb}` as 'verb.create') : verb })
}
