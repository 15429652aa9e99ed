import type { BrowserContext } from 'playwright-core'
import { call } from './browser'

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

export const readOrder = (context: BrowserContext, id: string) => call<Order>(context, 'get', `/v1/work-orders/${id}`)

/** Somebody by the beginning of the name. */
export async function aPerson(context: BrowserContext, q: string): Promise<{ id: string; name: string }> {
  const [person] = (await call<Page<{ id: string; name: string }>>(context, 'get', `/v1/people?q=${encodeURIComponent(q)}&limit=1`)).items
  if (!person) throw new Error(`nobody is called ${q}`)
  return person
}
