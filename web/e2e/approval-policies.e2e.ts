import { describe, expect, it } from 'vitest'
import { bothSizes, call, expectAccessible, expectAccessibleInBoth, expectNoSidewaysScroll, expectQuiet, go, visit, type Visit } from './browser'
import { aPerson, titled } from './records'

interface Policy {
  id: string
  name: string
  archived_at?: string
  rules: { min_amount?: { amount: string }; max_amount?: { amount: string }; department_id?: string; levels: { mode: string; n?: number; user_ids?: string[]; roles?: string[] }[] }[]
}

const readPolicy = (v: Visit, id: string) => call<Policy>(v.context, 'get', `/v1/approval-policies/${id}`)
const idOf = (v: Visit) => new URL(v.page.url()).pathname.split('/').at(-1) ?? ''

/** A department of its own, so that a policy for it concerns no other test. */
async function aDepartment(v: Visit) {
  const code = titled('DEP').replace(' ', '-').toUpperCase()
  return call<{ id: string; code: string; name: string }>(v.context, 'post', '/v1/departments', { code, name: `Crushing ${code}` })
}

describe.each(bothSizes)('at %s size in light and dark', (size) => {
  it('an administrator writes a policy, sees whom it asks before it is saved, and takes it out of use', async () => {
    await using v = await visit({ as: 'admin', size })
    const department = await aDepartment(v)
    const manager = await aPerson(v.context, 'Agnes')
    const name = titled('Costly crushing')
    await go(v.page, '/admin/approval-policies')
    await v.page.getByRole('link', { name: 'New policy' }).first().click()
    await v.page.getByLabel('Name', { exact: true }).fill(name)
    const rule = v.page.getByRole('group', { name: 'Rule 1', exact: true })
    await rule.getByLabel('From').fill('5000')
    await rule.getByRole('textbox', { name: 'Department' }).or(rule.getByRole('combobox', { name: 'Department' })).first().fill(department.code)
    await v.page.getByRole('option', { name: department.code }).click()
    await v.page.getByText('Each level needs people or roles before it can be tried.').waitFor()
    const first = rule.getByRole('group', { name: 'Level 1', exact: true })
    await first.getByRole('textbox', { name: 'Roles' }).or(first.getByRole('combobox', { name: 'Roles' })).first().click()
    expect(await v.page.getByRole('option', { name: 'Technician' }).count(), 'who may not decide is not offered').toBe(0)
    await v.page.getByRole('option', { name: 'Approver' }).click()
    await v.page.keyboard.press('Escape')
    await rule.getByRole('button', { name: 'Add level' }).click()
    const second = rule.getByRole('group', { name: 'Level 2', exact: true })
    await second.getByRole('textbox', { name: 'People' }).or(second.getByRole('combobox', { name: 'People' })).first().fill(manager.name)
    await v.page.getByRole('option', { name: manager.name }).click()
    await v.page.keyboard.press('Escape')

    // What the rules would do, while they are stored nowhere yet.
    const tried = v.page.locator('section').filter({ has: v.page.getByRole('heading', { name: 'What would happen' }) }).last()
    await tried.getByLabel('Amount').fill('12000')
    await tried.getByText('Purchase order of €12,000.00: nobody has to approve it.').waitFor()
    await tried.getByRole('textbox', { name: 'Department' }).or(tried.getByRole('combobox', { name: 'Department' })).first().fill(department.code)
    await v.page.getByRole('option', { name: department.code }).last().click()
    await tried.getByText('Purchase order of €12,000.00 is asked of, one after the other:').waitFor()
    await tried.getByRole('listitem').filter({ hasText: manager.name }).waitFor()
    await expectAccessibleInBoth(v.page)
    await expectNoSidewaysScroll(v.page)

    await v.page.getByRole('button', { name: 'Create policy' }).click()
    await v.page.getByRole('heading', { name }).waitFor()
    await expect.poll(() => idOf(v)).not.toBe('new')
    expect((await readPolicy(v, idOf(v))).rules).toMatchObject([{ min_amount: { amount: '5000.00' }, department_id: department.id, levels: [{ mode: 'any', roles: ['approver'] }, { mode: 'any', user_ids: [manager.id] }] }])

    await v.page.getByRole('button', { name: 'More commands' }).click()
    await v.page.getByRole('menuitem', { name: 'Take out of use' }).click()
    await v.page.getByText('Out of use', { exact: true }).waitFor()
    expect((await readPolicy(v, idOf(v))).archived_at).toBeTruthy()
    expectQuiet(v)
  })
})

it('the simulator says what the policies in use demand of a purchase order of 12,000, and stands in the address', async () => {
  await using admin = await visit({ as: 'admin' })
  const department = await aDepartment(admin)
  const [one, two, three] = await Promise.all(['Amir', 'Agnes', 'Bea'].map((q) => aPerson(admin.context, q)))
  const name = titled('Two of three')
  const policy = await call<Policy>(admin.context, 'post', '/v1/approval-policies', {
    subject: 'purchase_order',
    name,
    rules: [{ min_amount: '10000', department_id: department.id, levels: [{ mode: 'n_of_m', n: 2, user_ids: [one?.id, two?.id, three?.id] }] }],
  })
  await using v = await visit({ as: 'planner' })
  await go(v.page, `/admin/approval-policies?amount=12000&department_id=${department.id}`)
  const answer = v.page.getByRole('complementary', { name: 'What would happen' })
  await answer.getByText('Purchase order of €12,000.00 is asked of, one after the other:').waitFor()
  await answer.getByText('2 of 3 approve').waitFor()
  await answer.getByRole('link', { name }).waitFor()
  expect(await v.page.getByRole('link', { name: 'New policy' }).count(), 'only administrators write policies').toBe(0)
  await answer.getByLabel('Amount').fill('9999')
  await answer.getByText(/€9,999.00/).waitFor()
  await expect.poll(() => new URL(v.page.url()).searchParams.get('amount')).toContain('9999')
  await answer.getByRole('link', { name }).waitFor({ state: 'detached' })

  await go(v.page, `/admin/approval-policies/${policy.id}`)
  expect(await v.page.getByLabel('Name', { exact: true }).isDisabled()).toBe(true)
  await v.page.getByText(two?.name ?? '').first().waitFor()
  await call(admin.context, 'post', `/v1/approval-policies/${policy.id}/archive`, {})
  expectQuiet(v)
})

it('a policy that the server refuses says so at its fields', async () => {
  await using v = await visit({ as: 'admin' })
  await go(v.page, '/admin/approval-policies/new')
  const rule = v.page.getByRole('group', { name: 'Rule 1', exact: true })
  await rule.getByLabel('From').fill('500')
  await rule.getByLabel('Below').fill('400')
  await v.page.getByRole('button', { name: 'Create policy' }).click()
  await rule.getByText('A band ends above its beginning.').waitFor()
  await rule.getByText('A level needs people or roles.').waitFor()
  await expectAccessible(v.page)
  await rule.getByLabel('Below').fill('600')
  await rule.getByText('A band ends above its beginning.').waitFor({ state: 'detached' })
  expectQuiet(v)
})
