import { createLink } from '@tanstack/react-router'
import type { ComponentProps } from 'react'

interface Anchor extends ComponentProps<'a'> {
  current: boolean
}

// The router marks every link whose address holds no more than the page's: of two views several would be the current one.
function Anchor({ current, ...props }: Anchor) {
  return <a {...props} aria-current={current ? 'page' : undefined} />
}

/** A link to a view of the page it stands on; who shows it says which one is seen. */
export const ViewLink = createLink(Anchor)
