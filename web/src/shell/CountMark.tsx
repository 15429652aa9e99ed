import { usePlace } from '../api/me'
import { quantity } from '../kit/figures'
import classes from './CountMark.module.css'
import type { Counted } from './useNav'

/** A number beside an entry: yellow where it is the reader's turn, gray elsewhere. */
export function CountMark({ count, yours }: { count: Counted; yours: boolean }) {
  const { locale } = usePlace()
  return <span className={yours ? classes.yours : classes.count}>{`${quantity(count.value, locale)}${count.more ? '+' : ''}`}</span>
}
