import type { TreeRow } from '../../kit/tree'

/** What a row of the plant tree is; `more` stands at the end of a part that is not loaded to its end. */
export interface PlantRow extends TreeRow {
  kind: 'place' | 'category' | 'asset' | 'more'
  /** Id of the record; of `more`, the row whose children go on. */
  record: string
  code: string
  name: string
  state?: string
}

export type PlantItem = Omit<PlantRow, 'level' | 'expanded' | 'label'>

export interface PlantPart {
  items: PlantItem[]
  more: boolean
}

/** The visible rows of the tree: each opened row is followed by what it holds. `loaded` gives what is known of a row. */
export function flatten(top: PlantItem[], opened: ReadonlySet<string>, loaded: (row: string) => PlantPart | undefined, words: { more: string; state: (state: string) => string }): PlantRow[] {
  const rows: PlantRow[] = []
  const add = (items: PlantItem[], level: number) => {
    for (const each of items) {
      const expanded = each.expandable && opened.has(each.id)
      const state = each.state && each.state !== 'up' ? `, ${words.state(each.state)}` : ''
      rows.push({ ...each, level, expanded, label: `${each.code} ${each.name}${state}` })
      if (!expanded) continue
      const part = loaded(each.id)
      if (!part) continue
      add(part.items, level + 1)
      if (part.more) rows.push({ id: `m:${each.id}`, kind: 'more', record: each.id, code: '', name: words.more, level: level + 1, expandable: false, expanded: false, label: words.more })
    }
  }
  add(top, 0)
  return rows
}
