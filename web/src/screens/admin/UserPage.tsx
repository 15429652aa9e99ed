import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { answered, api } from '../../api/client'
import { Failed, Loading } from '../../kit/ScreenStates'
import { UserForm } from './UserForm'

const route = getRouteApi('/shell/admin/users/$userId')

/** Somebody who does not sign in yet. */
export function NewUser() {
  return <UserForm />
}

/** A person's name, roles and limits. */
export function UserPage() {
  const { userId } = route.useParams()
  const read = useQuery({ queryKey: ['users', userId], queryFn: () => answered(api.GET('/v1/users/{id}', { params: { path: { id: userId } } })) })
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  return <UserForm key={`${userId} ${read.data.etag}`} stored={read.data} />
}
