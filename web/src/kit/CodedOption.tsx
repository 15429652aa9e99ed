import { Code } from './Code'
import classes from './CodedOption.module.css'

/** A line of a picker: code, name, and at the right where it stands. */
export function CodedOption({ code, name, place }: { code?: string; name?: string; place?: string }) {
  return (
    <span className={classes.option}>
      <Code>{code}</Code>
      <span className={classes.name}>{name}</span>
      <span className={classes.place}>{place}</span>
    </span>
  )
}
