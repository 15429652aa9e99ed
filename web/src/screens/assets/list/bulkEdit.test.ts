import { expect, it } from 'vitest'
import { noValues } from '../form/values'
import type { Asset } from '../queries'
import { type Outcome, plannedChanges, sendChanges } from './bulkEdit'

const asset = (id: string, more: Partial<Asset> = {}) => ({ id, code: id, name: id, category: { id: 'c1', code: 'C1', name: 'One' }, location: { id: 'l', code: 'L', name: 'L' }, description: '', criticality: '', manufacturer: '', model: '', lifecycle_state: 'in_service', operating_state: 'up', version: 1, ...more }) as Asset

it('plans what differs, and nothing for what stays', () => {
  const assets = [asset('a'), asset('b', { criticality: 'A' }), asset('c', { department: { id: 'd1', code: 'D1', name: 'Crushing' } })]
  const [a, b, c] = plannedChanges(assets, ['criticality', 'department_id', 'category_id'], { ...noValues, criticality: 'A' })
  expect(a?.body).toEqual({ criticality: 'A' })
  expect(a?.fields).toMatchObject([{ name: 'criticality', was: '', becomes: 'A' }])
  expect(b?.fields).toEqual([])
  expect(c?.body).toEqual({ criticality: 'A', department_id: null })
  expect(plannedChanges(assets, [], { ...noValues, criticality: 'A' }).every(({ fields }) => fields.length === 0)).toBe(true)
})

it('tells what became of each, and goes on after a refusal', async () => {
  const changes = plannedChanges(['a', 'stale', 'refused', 'lost', 'e', 'f'].map((id) => asset(id)), ['criticality'], { ...noValues, criticality: 'B' })
  const answers: Record<string, Outcome> = { stale: { state: 'stale' }, refused: { state: 'refused', why: 'Not this one.' }, lost: { state: 'unknown', why: 'No network' } }
  const outcomes: Record<string, Outcome> = {}
  await sendChanges(changes, async ({ asset: { id } }) => answers[id] ?? { state: 'done' }, (id, outcome) => void (outcomes[id] = outcome), () => false)
  expect(outcomes).toEqual({ ...answers, a: { state: 'done' }, e: { state: 'done' }, f: { state: 'done' } })
})

it('sends nothing further once it is stopped', async () => {
  const sent: string[] = []
  let stopped = false
  await sendChanges(plannedChanges(Array.from({ length: 20 }, (_, at) => asset(`${at}`)), ['criticality'], { ...noValues, criticality: 'B' }), async ({ asset: { id } }) => {
    sent.push(id)
    if (id === '3') stopped = true
    return { state: 'done' }
  }, () => {}, () => stopped)
  expect(sent).toEqual(['0', '1', '2', '3'])
})
