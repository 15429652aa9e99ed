import { api, ok, Problem, type Schemas } from '../../../api/client'
import type { WorkOrderCommandBody } from '../detail/order'
import type { BulkName } from './bulk'

export interface BulkAsked {
  name: BulkName
  ids: string[]
  body: WorkOrderCommandBody
}

const most = 200

/** Asks the same of many; answers one by one. Each part of a long selection has a key of its own, made from the one of all. */
export async function sendBulk({ name, ids, body }: BulkAsked, key: string): Promise<Schemas['BulkResult'][]> {
  const results: Schemas['BulkResult'][] = []
  for (let from = 0; from < ids.length; from += most) {
    const part = await ok(api.POST('/v1/work-orders/bulk', { params: { header: { 'Idempotency-Key': `${key}-${from}` } }, body: { command: name, ids: ids.slice(from, from + most), body } })).catch(ofTheBody)
    results.push(...(part.items ?? []))
  }
  return results
}

// The fields of the form are those of the command, which stands inside of the request.
function ofTheBody(error: unknown): never {
  if (!(error instanceof Problem)) throw error
  const errors = error.body.errors?.map((fault) => ({ ...fault, pointer: fault.pointer.replace(/^\/body/, '') }))
  throw new Problem(error.status, { ...error.body, errors }, error.retryAfter)
}
