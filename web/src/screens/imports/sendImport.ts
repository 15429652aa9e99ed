import { Problem, type ProblemBody } from '../../api/client'
import type { Import, Kind } from './fields'

/** Sends a file to be checked; nothing is written. `onSent` tells the part that has left, 0 to 1. */
export function sendImport(file: File, kind: Kind, mapping: Import['mapping'], key: string, onSent?: (part: number) => void): Promise<Import> {
  const form = new FormData()
  form.set('kind', kind)
  form.set('mapping', JSON.stringify(mapping))
  form.set('dry_run', 'true')
  form.set('file', file)
  // fetch does not tell how much of a body has left.
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/v1/imports')
    request.responseType = 'json'
    request.setRequestHeader('X-Mainstay-CSRF', '1')
    request.setRequestHeader('Idempotency-Key', key)
    request.upload.onprogress = (event) => onSent?.(event.total > 0 ? event.loaded / event.total : 0)
    request.onload = () => (request.status < 300 ? resolve(request.response as Import) : reject(new Problem(request.status, (request.response ?? {}) as ProblemBody)))
    request.onerror = () => reject(new Problem(0, { code: 'no_network', title: 'No network' }))
    request.send(form)
  })
}
