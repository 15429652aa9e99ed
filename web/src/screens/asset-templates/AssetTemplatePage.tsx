import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay } from '../../api/me'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { useCommand } from '../../kit/useCommand'
import { CodedHead } from '../stock/CodedHead'
import { FactList } from '../stock/FactList'
import classes from '../stock/Page.module.css'
import { SparePartList } from '../stock/SparePartList'
import { customFields, fieldKinds } from './fields'
import { type AssetTemplate, templateQuery } from './queries'
import { TemplateSheet } from './TemplateSheet'

const route = getRouteApi('/shell/asset-templates/$templateId')

/** One template: what its assets take over, their custom fields, and what belongs into every one of them. */
export function AssetTemplatePage() {
  const { templateId } = route.useParams()
  const read = useQuery(templateQuery(templateId))
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  return <Page key={templateId} template={read.data} />
}

function Page({ template }: { template: AssetTemplate }) {
  const { t } = useTranslation('asset-templates')
  const may = useMay()
  const fields = customFields(template.fields)
  const kindWord = (type: string) => {
    const known = fieldKinds.find((kind) => kind === type)
    return known ? t(`field.kind.${known}`) : type
  }
  const out = Boolean(template.archived_at)
  const [editing, setEditing] = useState(false)
  const archive = useCommand(
    (path: '/v1/asset-templates/{id}/archive' | '/v1/asset-templates/{id}/restore', key: string) => ok(api.POST(path, { params: { path: { id: template.id }, header: { 'Idempotency-Key': key } } })),
    { refresh: ['asset-templates'] },
  )
  const turn = () => archive.mutate(out ? '/v1/asset-templates/{id}/restore' : '/v1/asset-templates/{id}/archive')
  return (
    <article className={classes.page}>
      <CodedHead record={template} writes={may('asset_templates.write')} onEdit={() => setEditing(true)} onTurn={turn} error={archive.error} />
      <div className={classes.body}>
        <div className={classes.column}>
          {may('spare_parts.read') ? <SparePartList of={{ own: { list: 'asset_template', id: template.id }, code: template.code }} locked={out} /> : null}
          <Panel title={t('fields')} flush>
            {fields.length === 0 ? <p className={classes.none}>{t('fields.none')}</p> : null}
            <ul className={classes.rows}>
              {fields.map((field) => (
                <li key={field.name}>
                  <span className={classes.what}>{field.title}</span>
                  {field.required ? <span className={classes.chip}>{t('fields.required')}</span> : null}
                  <span className={classes.quiet}>{field.choices.length > 0 ? field.choices.join(', ') : kindWord(field.type)}</span>
                </li>
              ))}
            </ul>
          </Panel>
        </div>
        <div className={classes.column}>
          <Panel title={t('facts')} flush>
            <FactList
              facts={[
                [t('category'), template.category.name],
                [t('manufacturer'), template.manufacturer],
                [t('model'), template.model],
                [t('criticality'), template.criticality],
                [t('assets'), may('assets.read') ? <Link to="/assets" search={{ template_id: template.id }}>{t('assets.show')}</Link> : undefined],
              ]}
            />
          </Panel>
        </div>
      </div>
      {editing ? <TemplateSheet template={template} onClose={() => setEditing(false)} /> : null}
    </article>
  )
}
