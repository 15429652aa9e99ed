import '@mantine/notifications/styles.layer.css'
import { Notifications } from '@mantine/notifications'
import { usePhone } from './usePhone'

/** Where short messages appear: away from what they are about, and from the phone's thumb. */
export function Toasts() {
  return <Notifications position={usePhone() ? 'top-center' : 'bottom-left'} limit={3} />
}
