import { useEffect } from 'react'

let dialogs = 0

/** Takes the page behind an open dialog out of reach: for the pointer, the keyboard and who listens to it alike. */
export function useAlone(open: boolean) {
  useEffect(() => {
    if (!open) return
    const page = document.getElementById('root')
    dialogs += 1
    if (page) page.inert = true
    return () => {
      dialogs -= 1
      if (page && dialogs === 0) page.inert = false
    }
  }, [open])
}
