/** All words of the language, by the path of their noun's file. */
export const words = import.meta.glob<Record<string, string>>('./fr/*.json', { eager: true, import: 'default' })
