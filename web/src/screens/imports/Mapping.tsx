import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Sample } from './csv'
import { fieldsOf, type Kind } from './fields'
import classes from './Imports.module.css'

export interface MappingDraft {
  /** Column of the file -> field. */
  columns: Record<string, string>
  /** Field -> value of every row. */
  constants: Record<string, string>
  dateFormat: string
  decimalComma: boolean
}

interface MappingProps {
  kind: Kind
  sample: Sample
  mapping: MappingDraft
  change: (mapping: MappingDraft) => void
  /** Fields that rows still need. */
  lack: string[]
}

/** Says which column of the file is which field, beside what is in it. */
export function Mapping({ kind, sample, mapping, change, lack }: MappingProps) {
  const { t } = useTranslation('imports')
  const { t: fields } = useTranslation('import-fields')
  const { needed, others } = fieldsOf[kind]
  const taken = new Set(Object.values(mapping.columns))
  const map = (column: string, field: string) => {
    const columns = Object.fromEntries(Object.entries(mapping.columns).filter(([other]) => other !== column))
    change({ ...mapping, columns: field ? { ...columns, [column]: field } : columns })
  }
  // A needed field without a column can have one value for all rows.
  const constant = needed.filter((field) => !taken.has(field))
  return (
    <section className={classes.step}>
      <h2>
        <span aria-hidden>3</span>
        {t('step.columns')}
      </h2>
      <div className={classes.frame}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th>{t('column')}</th>
              <th>{t('in_it')}</th>
              <th>{t('is')}</th>
            </tr>
          </thead>
          <tbody>
            {sample.header.map((column, at) =>
              column ? (
                <tr key={`${column} ${at}`}>
                  <td>{column}</td>
                  <td className={classes.sample}>
                    {sample.rows
                      .map((row) => row[at])
                      .filter(Boolean)
                      .slice(0, 3)
                      .join(' · ')}
                  </td>
                  <td>
                    <NativeSelect
                      aria-label={t('is_field', { column })}
                      value={mapping.columns[column] ?? ''}
                      onChange={(event) => map(column, event.currentTarget.value)}
                      data={[{ value: '', label: t('left_out') }, ...[...needed, ...others].filter((field) => !taken.has(field) || mapping.columns[column] === field).map((field) => ({ value: field, label: fields(field) }))]}
                    />
                  </td>
                </tr>
              ) : null,
            )}
          </tbody>
        </table>
      </div>
      {lack.length > 0 ? (
        <p className={classes.lack} role="status">
          {t('lacking', { fields: lack.map((field) => fields(field)).join(', ') })}
        </p>
      ) : null}
      <div className={classes.row}>
        {constant.map((field) => (
          <TextInput
            key={field}
            label={t('for_all', { field: fields(field) })}
            value={mapping.constants[field] ?? ''}
            onChange={(event) => {
              const { [field]: _, ...rest } = mapping.constants
              const value = event.currentTarget.value
              change({ ...mapping, constants: value ? { ...rest, [field]: value } : rest })
            }}
          />
        ))}
        <NativeSelect
          label={t('date_format')}
          value={mapping.dateFormat}
          onChange={(event) => change({ ...mapping, dateFormat: event.currentTarget.value })}
          data={[
            { value: '', label: '2026-11-24' },
            { value: 'DD.MM.YYYY', label: '24.11.2026' },
            { value: 'DD/MM/YYYY', label: '24/11/2026' },
            { value: 'MM/DD/YYYY', label: '11/24/2026' },
            { value: 'DD.MM.YYYY hh:mm', label: '24.11.2026 14:05' },
            { value: 'MM/DD/YYYY hh:mm', label: '11/24/2026 14:05' },
          ]}
        />
        <Checkbox label={t('decimal_comma')} checked={mapping.decimalComma} onChange={(event) => change({ ...mapping, decimalComma: event.currentTarget.checked })} />
      </div>
    </section>
  )
}
