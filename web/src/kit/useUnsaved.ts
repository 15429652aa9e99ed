import { useBlocker } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

/** Asks before a form with entries is left, by a link or by closing the window. */
export function useUnsaved(dirty: boolean) {
  const { t } = useTranslation('fields')
  useBlocker({ shouldBlockFn: () => dirty && !window.confirm(t('leave')), enableBeforeUnload: dirty, disabled: !dirty })
}
