import type { BrowserContext } from 'playwright-core'
import { call, visit } from './browser'

/** A work order as tests need it. */
export interface Order {
  id: string
  number: string
  version: number
  status: string
  title: string
  start_on?: string
  assignees: { id: string; name: string }[] | null
}

export interface Asset {
  id: string
  code: string
  name: string
}

export interface Page<T> {
  items: T[]
}

/** A day from today on at the demo's first site, as the API writes it. */
export function dayFromNow(days: number): string {
  const at = new Date(Date.now() + days * 86_400_000)
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin', year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)
}

let made = 0

/** A title that no other record has. */
export const titled = (words: string) => `${words} ${Date.now().toString(36)}${(made++).toString(36)}`

/** Some asset of the demo company. */
export async function anAsset(context: BrowserContext, query = 'limit=1'): Promise<Asset> {
  const [asset] = (await call<Page<Asset>>(context, 'get', `/v1/assets?${query}`)).items
  if (!asset) throw new Error(`no asset: ${query}`)
  return asset
}

/** A new work order, ready to begin. */
export async function anOrder(context: BrowserContext, fields: Record<string, unknown> = {}): Promise<Order> {
  const asset = await anAsset(context)
  return call<Order>(context, 'post', '/v1/work-orders', { title: titled('Replace the belt'), type: 'corrective', priority: 'medium', asset_id: asset.id, ...fields })
}

/** A work order of the planner that is costly enough to need the demo company's approver. */
export async function costlyOrder(): Promise<Order & { approval_id: string }> {
  await using planner = await visit({ as: 'planner' })
  const order = (await anOrder(planner.context, { title: titled('Reline the crusher'), estimated_cost: { amount: '7300.00', currency: 'EUR' } })) as Order & { approval_id: string }
  if (order.status !== 'waiting_approval') throw new Error(`the order is ${order.status}`)
  return order
}

export const readOrder = (context: BrowserContext, id: string) => call<Order>(context, 'get', `/v1/work-orders/${id}`)

/** Somebody by the beginning of the name. */
export async function aPerson(context: BrowserContext, q: string): Promise<{ id: string; name: string }> {
  const [person] = (await call<Page<{ id: string; name: string }>>(context, 'get', `/v1/people?q=${encodeURIComponent(q)}&limit=1`)).items
  if (!person) throw new Error(`nobody is called ${q}`)
  return person
}

/** A purchase order that was sent, with what it is about. */
export interface Purchase {
  item: { id: string; code: string }
  supplier: { id: string }
  store: { id: string; code: string; name: string }
  order: { id: string; number: string; status: string; lines: { id: string; quantity: string; received: string; open: string; invoiced: string }[] }
}

/** An item, a supplier, a storeroom and an order of ten at 12.50 that was sent to the supplier. Small enough that nobody has to approve it. */
export async function aPurchase(context: BrowserContext): Promise<Purchase> {
  const mark = `${Date.now().toString(36)}${(made++).toString(36)}`.toUpperCase()
  const [site] = (await call<Page<{ id: string }>>(context, 'get', '/v1/locations?parent_id=root&limit=1')).items
  if (!site) throw new Error('no site')
  const store = await call<Purchase['store']>(context, 'post', '/v1/locations', { code: `ST-${mark}`, name: `Storeroom ${mark}`, kind: 'storeroom', parent_id: site.id })
  const supplier = await call<Purchase['supplier']>(context, 'post', '/v1/suppliers', { code: `SUP-${mark}`, name: `Seals and Sons ${mark}`, lead_days: 7 })
  const item = await call<Purchase['item']>(context, 'post', '/v1/items', { code: `SEAL-${mark}`, name: 'Mechanical seal 45 mm', unit: 'pc', reorder_point: '4', supplier_id: supplier.id })
  const draft = await call<Purchase['order']>(context, 'post', '/v1/purchase-orders', { supplier_id: supplier.id, currency: 'EUR', lines: [{ item_id: item.id, quantity: '10', unit_price: '12.50' }] })
  const submitted = await call<Purchase['order']>(context, 'post', `/v1/purchase-orders/${draft.id}/submit`, {})
  if (submitted.status !== 'approved') throw new Error(`the order is ${submitted.status}`)
  const order = await call<Purchase['order']>(context, 'post', `/v1/purchase-orders/${draft.id}/send`, {})
  return { item, supplier, store, order }
}
