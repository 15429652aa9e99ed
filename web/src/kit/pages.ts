/** One page of a list that is read by cursors. */
export interface ReadPage<Row> {
  items: Row[] | null
  next_cursor?: string
}

export interface HeldPage<Row> {
  cursor: string | undefined
  items: Row[]
  next: string | undefined
}

/**
 * The pages after one was read (again). When it ends elsewhere than before, what follows began at the wrong row and is
 * dropped: it is read anew when somebody scrolls to it.
 */
export function withPage<Row>(held: HeldPage<Row>[], at: number, read: ReadPage<Row>): HeldPage<Row>[] {
  if (at > held.length) return held
  const cursor = at === 0 ? undefined : held[at - 1]?.next
  const page = { cursor, items: read.items ?? [], next: read.next_cursor || undefined }
  const after = held[at + 1]
  const rest = after && after.cursor === page.next ? held.slice(at + 1) : []
  return [...held.slice(0, at), page, ...rest]
}

/** Which pages hold the rows from first to last, and the one after them while more is to come. */
export function pagesInView<Row>(held: HeldPage<Row>[], first: number, last: number): number[] {
  const seen: number[] = []
  let from = 0
  held.forEach((page, at) => {
    const to = from + page.items.length
    if (from <= last && to > first) seen.push(at)
    from = to
  })
  if (held.length === 0) return [0]
  const end = Math.max(seen.at(-1) ?? 0, 0)
  // The next page is read ahead when half of the last one in view was passed.
  const rowsToEnd = held.slice(0, end + 1).reduce((sum, page) => sum + page.items.length, 0)
  const lastPage = held[end]
  if (lastPage?.next && rowsToEnd - 1 - last < lastPage.items.length / 2 && end + 1 === held.length) seen.push(end + 1)
  return seen.length > 0 ? seen : [0]
}
