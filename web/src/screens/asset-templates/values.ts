import type { Schemas } from '../../api/client'
import { type Picked, idOf, pickedOf } from '../stock/picked'
import { type FieldDraft, fieldDrafts, schemaOf } from './fields'
import type { AssetTemplate } from './queries'

export interface TemplateValues {
  code: string
  name: string
  category_id: Picked | null
  manufacturer: string
  model: string
  criticality: string
  fields: FieldDraft[]
}

export const valuesOf = (template: AssetTemplate | undefined): TemplateValues => ({
  code: template?.code ?? '',
  name: template?.name ?? '',
  category_id: pickedOf(template?.category),
  manufacturer: template?.manufacturer ?? '',
  model: template?.model ?? '',
  criticality: template?.criticality ?? '',
  fields: fieldDrafts(template?.fields),
})

const texts = ['code', 'name', 'manufacturer', 'model', 'criticality'] as const

/** A new template: what was left empty is left out. */
export function newBody(values: TemplateValues): Schemas['AssetTemplateBody'] {
  const body: Record<string, unknown> = { code: values.code.trim(), name: values.name.trim(), category_id: idOf(values.category_id) }
  for (const key of ['manufacturer', 'model', 'criticality'] as const) if (values[key].trim()) body[key] = values[key].trim()
  const fields = schemaOf(null, values.fields)
  if (fields) body.fields = fields
  return body as unknown as Schemas['AssetTemplateBody']
}

/** What differs. */
export function changedBody(template: AssetTemplate, from: TemplateValues, to: TemplateValues): Schemas['AssetTemplatePatch'] {
  const body: Record<string, unknown> = {}
  for (const key of texts) if (from[key] !== to[key].trim()) body[key] = to[key].trim()
  if (from.category_id?.id !== to.category_id?.id) body.category_id = idOf(to.category_id)
  if (JSON.stringify(from.fields) !== JSON.stringify(to.fields)) body.fields = schemaOf(template.fields, to.fields)
  return body
}
