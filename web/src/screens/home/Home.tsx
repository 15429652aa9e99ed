import { useMe } from '../../api/me'

/** The planner's home. */
export function Home() {
  return <h1>{useMe().tenant.name}</h1>
}
