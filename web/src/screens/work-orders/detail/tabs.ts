/** The tabs of a work order as they stand in the address. The first one needs no word there. */
export const detailTabs = ['timeline', 'hours', 'parts', 'cost', 'files', 'facts'] as const
export type DetailTab = (typeof detailTabs)[number]

export function detailTab(value: unknown): DetailTab | undefined {
  return (detailTabs as readonly unknown[]).includes(value) && value !== 'timeline' ? (value as DetailTab) : undefined
}
