import { useEffect } from 'react'
import type { Fields } from './useFields'
import { usePhone } from './usePhone'

/** A form that is a page begins in its first field, as a dialog does; where the phone's keyboard would cover the form, the person does it. */
export function useBegin<Values extends object>(form: Fields<Values>, name: keyof Values & string) {
  const phone = usePhone()
  const id = form.idOf(name)
  useEffect(() => {
    if (!phone) document.getElementById(id)?.focus()
    // Once, where the page is opened.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [])
}
