import { lazy, Suspense } from 'react'
import { useMay } from '../../api/me'
import { Loading } from '../../kit/ScreenStates'
import { usePhone } from '../../kit/usePhone'

const Home = lazy(async () => ({ default: (await import('./Home')).Home }))
const MyWork = lazy(async () => ({ default: (await import('../my-work/MyWork')).MyWork }))

/** Where the application opens: at the phone the day of who does the work, else the home of the desk. */
export function Start() {
  const phone = usePhone()
  const may = useMay()
  return <Suspense fallback={<Loading />}>{phone && may('work_orders.execute') ? <MyWork /> : <Home />}</Suspense>
}
