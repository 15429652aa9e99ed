import { useState } from 'react'

/** Which one of a screen's sheets is open. `close` closes the one that was drawn with it alone: its command may end when the person has opened the next. */
export function useSheet<Which extends string | object>() {
  const [sheet, open] = useState<Which>()
  const close = () => open((now) => (now === sheet ? undefined : now))
  return { sheet, open, close }
}
