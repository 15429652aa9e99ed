import { type BrowserContext, request } from 'playwright-core'

export const roles = ['admin', 'planner', 'technician', 'requester', 'asset_manager', 'auditor', 'storekeeper', 'buyer', 'approver'] as const
export type Role = (typeof roles)[number]
export type Session = Awaited<ReturnType<BrowserContext['storageState']>>

/** Signs in the demo person of a role. */
export async function signedIn(as: Role, url: string, password: string): Promise<Session> {
  const from = await request.newContext({ baseURL: url })
  const answer = await from.post('/v1/auth/session', {
    data: { email: `${as}@example.com`, password },
    headers: { 'X-Mainstay-CSRF': '1' },
  })
  if (answer.status() !== 200) throw new Error(`${as} cannot sign in: ${answer.status()} ${await answer.text()}`)
  const session = await from.storageState()
  await from.dispose()
  return session
}

/** The sign-in of each role. */
export async function allSignedIn(url: string, password: string): Promise<Record<Role, Session>> {
  const all = await Promise.all(roles.map(async (role) => [role, await signedIn(role, url, password)] as const))
  return Object.fromEntries(all) as Record<Role, Session>
}
