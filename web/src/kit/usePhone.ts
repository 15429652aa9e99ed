import { useMediaQuery } from '@mantine/hooks'

/** Whether the screen is a phone's: one column, commands at the thumb. */
export function usePhone(): boolean {
  return useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false }) ?? false
}
