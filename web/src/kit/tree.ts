/** A visible row of a tree: the tree itself is flat, children follow their parent. */
export interface TreeRow {
  id: string
  /** 0 is the root. */
  level: number
  expandable: boolean
  expanded: boolean
  /** What the row is called where it cannot be seen. */
  label: string
}

export type TreeMove = { focus: number } | { toggle: number } | { open: number }

/** What a key does at a row (WAI-ARIA tree pattern, with j and k beside the arrows); undefined: not a key of trees. */
export function treeMove(key: string, rows: readonly TreeRow[], at: number): TreeMove | undefined {
  const row = rows[at]
  if (!row) return undefined
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return { focus: Math.min(at + 1, rows.length - 1) }
    case 'ArrowUp':
    case 'k':
      return { focus: Math.max(at - 1, 0) }
    case 'Home':
      return { focus: 0 }
    case 'End':
      return { focus: rows.length - 1 }
    case 'ArrowRight':
      if (!row.expandable) return undefined
      return row.expanded ? { focus: Math.min(at + 1, rows.length - 1) } : { toggle: at }
    case 'ArrowLeft':
      return row.expanded ? { toggle: at } : { focus: parentOf(rows, at) }
    case 'Enter':
    case ' ':
    case 'o':
      return { open: at }
    default:
      return undefined
  }
}

function parentOf(rows: readonly TreeRow[], at: number): number {
  const level = rows[at]?.level ?? 0
  for (let above = at - 1; above >= 0; above--) if ((rows[above]?.level ?? 0) < level) return above
  return at
}

/** Place of each row among its siblings, for readers that announce «3 of 12». */
export function siblings(rows: readonly TreeRow[]): { position: number; size: number }[] {
  const places = rows.map(() => ({ position: 1, size: 1 }))
  const open: { level: number; members: number[] }[] = []
  const settle = (below: number) => {
    while ((open.at(-1)?.level ?? -1) > below) {
      const members = open.pop()?.members ?? []
      members.forEach((member, index) => (places[member] = { position: index + 1, size: members.length }))
    }
  }
  rows.forEach((row, index) => {
    settle(row.level)
    const level = open.at(-1)
    if (level?.level === row.level) level.members.push(index)
    else open.push({ level: row.level, members: [index] })
  })
  settle(-1)
  return places
}
