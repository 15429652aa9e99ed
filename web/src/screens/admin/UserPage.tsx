import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Failed, Loading } from '../../kit/ScreenStates'
import { UserForm } from './UserForm'
import { userQuery } from './userQuery'

const route = getRouteApi('/shell/admin/users/$userId')

/** Somebody who does not sign in yet. */
export function NewUser() {
  return <UserForm />
}

/** A person's name, roles and limits. */
export function UserPage() {
  const { userId } = route.useParams()
  const read = useQuery(userQuery(userId))
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  return <UserForm key={userId} read={read.data} />
}
