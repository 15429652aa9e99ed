import { queries } from '../api/query'

/** Ends the session at the server and wipes what this browser kept, whether or not the server answers. */
export async function signOut() {
  try {
    await fetch('/v1/auth/session', { method: 'DELETE', headers: { 'X-Mainstay-CSRF': '1' } })
  } finally {
    queries.clear()
    localStorage.clear()
    sessionStorage.clear()
    // A whole load: nothing of the person stays in memory.
    location.assign('/login')
  }
}
