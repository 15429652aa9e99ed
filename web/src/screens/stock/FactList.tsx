import type { ReactNode } from 'react'
import { FactRows } from '../../kit/FactRows'
import classes from './Page.module.css'

/** What is known of a record, in a panel of its page. */
export function FactList({ facts }: { facts: [name: string, value: ReactNode][] }) {
  return <FactRows className={classes.facts} facts={facts} />
}
