/** A custom field that the assets of a template have. */
export interface CustomField {
  name: string
  title: string
  type: string
  required: boolean
  /** What it may be, where that is a list. */
  choices: string[]
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** The fields of a JSON Schema, in its order. */
export function customFields(schema: unknown): CustomField[] {
  if (!isObject(schema) || !isObject(schema.properties)) return []
  const required = texts(schema.required)
  return Object.entries(schema.properties).map(([name, field]) => {
    const says = isObject(field) ? field : {}
    return { name, title: typeof says.title === 'string' ? says.title : name, type: Array.isArray(says.type) ? texts(says.type).join(', ') : String(says.type ?? ''), required: required.includes(name), choices: texts(says.enum) }
  })
}
