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

/** What a field takes, as it is asked on the screen; `other` is what a schema says that this form does not write. */
export const fieldKinds = ['string', 'number', 'integer', 'boolean', 'choice'] as const
export type FieldKind = (typeof fieldKinds)[number] | 'other'

/** A custom field while it is written; an empty name is a new one, named after its title. */
export interface FieldDraft {
  name: string
  title: string
  kind: FieldKind
  required: boolean
  /** One a line. */
  choices: string
}

export const emptyField = (): FieldDraft => ({ name: '', title: '', kind: 'string', required: false, choices: '' })

function kindOf({ type, choices }: CustomField): FieldKind {
  if (choices.length > 0) return type === '' || type === 'string' ? 'choice' : 'other'
  return fieldKinds.find((kind) => kind !== 'choice' && kind === type) ?? 'other'
}

export const fieldDrafts = (schema: unknown): FieldDraft[] =>
  customFields(schema).map((field) => ({ name: field.name, title: field.title, kind: kindOf(field), required: field.required, choices: field.choices.join('\n') }))

/** The lines of a text that say something, each once. */
const linesOf = (text: string) => [...new Set(text.split('\n').map((line) => line.trim()).filter(Boolean))]

/** A name for a new field: its title in small letters and digits. */
function nameOf(title: string, taken: Set<string>): string {
  const plain = title.normalize('NFD').toLowerCase().replace(/\p{M}/gu, '').replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '') || 'field'
  let name = plain
  for (let count = 2; taken.has(name); count++) name = `${plain}_${count}`
  return name
}

/** The schema with these fields, and all else that the one before said; null where nothing is said of fields any more. */
export function schemaOf(before: unknown, drafts: FieldDraft[]): Record<string, unknown> | null {
  const schema: Record<string, unknown> = isObject(before) ? { ...before } : { type: 'object' }
  const old = isObject(schema.properties) ? schema.properties : {}
  const was = new Map(fieldDrafts(before).map((draft) => [draft.name, draft]))
  const properties: Record<string, unknown> = {}
  const required: string[] = []
  const taken = new Set([...Object.keys(old), ...drafts.map(({ name }) => name)])
  for (const draft of drafts) {
    const title = draft.title.trim()
    if (!title) continue
    const name = draft.name || nameOf(title, taken)
    taken.add(name)
    if (draft.required) required.push(name)
    const same = was.get(draft.name)
    if (same && same.title === title && same.kind === draft.kind && same.choices === draft.choices) {
      properties[name] = old[name]
      continue
    }
    const { title: _, ...rest } = isObject(old[name]) ? old[name] : {}
    properties[name] = { ...(title === name ? {} : { title }), ...(same && same.kind === draft.kind && draft.kind !== 'choice' ? rest : saysOf(draft)) }
  }
  const { properties: _, required: __, ...others } = schema
  if (Object.keys(properties).length === 0 && Object.keys(others).every((key) => key === 'type' || key === '$schema')) return null
  return { ...others, properties, ...(required.length > 0 ? { required } : {}) }
}

const saysOf = ({ kind, choices }: FieldDraft): Record<string, unknown> => (kind === 'choice' ? { enum: linesOf(choices) } : { type: kind })
