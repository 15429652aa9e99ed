/** A4 with 24 or 8 labels, or a roll of 62 mm with one after the other. */
export const labelSizes = ['small', 'large', 'roll'] as const
export type LabelSize = (typeof labelSizes)[number]
