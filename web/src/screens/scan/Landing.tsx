import { getRouteApi } from '@tanstack/react-router'
import { FoundRecord } from './FoundRecord'
import classes from './Scan.module.css'

const route = getRouteApi('/shell/a/$code')

/** Where the label of an asset leads: what can be done here, at once. */
export function Landing() {
  const { code } = route.useParams()
  return (
    <div className={classes.page}>
      <FoundRecord code={code} />
    </div>
  )
}
