import i18next, { type TFunction } from 'i18next'
import { partsOf } from './changes'

/** Nouns that events are about. */
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
  'item',
  'supplier',
  'catalog_entry',
  'purchase_order',
  'requisition',
  'goods_receipt',
  'supplier_invoice',
  'stock_movement',
  'stock_transfer',
  'reservation',
  'approval_case',
  'approval_policy',
  'delegation',
  'asset_transfer',
  'asset_disposal',
  'exchange_rate',
  'preferences',
  'backup_run',
  'restore_drill',
  'retention_run',
  'file_run',
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
