import type { Schemas } from '../../../api/client'
import { inWords } from '../../../kit/staleFields'
import { type AssetValues, changedBody, meant, valuesOf } from '../form/values'
import type { Asset } from '../queries'

/** What can be changed on many assets at once: what may be the same on all of them. Where they stand is changed by moving them. */
export const bulkFields = ['criticality', 'category_id', 'department_id', 'cost_center_id', 'manufacturer', 'model', 'installed_on', 'warranty_until'] as const
export type BulkField = (typeof bulkFields)[number]
export type BulkValues = Pick<AssetValues, BulkField>

/** What one asset would become. */
export interface PlannedChange {
  asset: Asset
  /** What differs, in words. Empty: it stays as it is. */
  fields: { name: BulkField; was: string; becomes: string }[]
  body: Schemas['AssetPatch']
}

/** The change of each asset to the values of the chosen fields. A category that was not picked yet changes nothing, because each has one. */
export function plannedChanges(assets: Asset[], chosen: readonly BulkField[], values: BulkValues): PlannedChange[] {
  const set = Object.fromEntries(chosen.filter((field) => field !== 'category_id' || values.category_id).map((field) => [field, values[field]])) as Partial<AssetValues>
  return assets.map((asset) => {
    const is = valuesOf(asset)
    const becomes = { ...is, ...set }
    const differing = bulkFields.filter((name) => meant(is[name]) !== meant(becomes[name]))
    return { asset, fields: differing.map((name) => ({ name, was: inWords(is[name]), becomes: inWords(becomes[name]) })), body: changedBody(is, becomes) }
  })
}

/** What became of one change. */
export type Outcome =
  | { state: 'done' }
  /** Somebody else changed the asset since it was read. */
  | { state: 'stale' }
  /** In the server's words. */
  | { state: 'refused'; why: string }
  /** Nobody knows whether it counted: there was no answer. */
  | { state: 'unknown'; why: string }

const atOnce = 4

/**
 * Sends the changes, a few at once, and tells what became of each as it is known. After `stopped` says so no further one is sent; those
 * under way are waited for.
 */
export async function sendChanges(changes: PlannedChange[], send: (change: PlannedChange) => Promise<Outcome>, told: (id: string, outcome: Outcome) => void, stopped: () => boolean): Promise<void> {
  const left = [...changes]
  async function worker() {
    for (let change = left.shift(); change && !stopped(); change = left.shift()) {
      told(change.asset.id, await send(change))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
