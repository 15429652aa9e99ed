import { Button, NativeSelect, Progress } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../api/me'
import { bytes } from '../../kit/bytes'
import { CommandProblem } from '../../kit/CommandProblem'
import { PageTitle } from '../../kit/PageTitle'
import { Note } from '../../kit/ScreenStates'
import { useCommand } from '../../kit/useCommand'
import { readSample, type Sample } from './csv'
import { guessColumns, type Import, type Kind, kinds, lacking, permissionOf } from './fields'
import classes from './Imports.module.css'
import { Mapping, type MappingDraft } from './Mapping'
import { sendImport } from './sendImport'

const route = getRouteApi('/shell/imports/new')
const fileLimit = 100 * 1024 * 1024
const sampleBytes = 65_536

/** The import wizard: what, which file, which column is what. Sending it only checks; writing is decided on the next page. */
export function NewImport() {
  const { t } = useTranslation('imports')
  const { t: fields } = useTranslation('import-fields')
  const { locale } = usePlace()
  const navigate = useNavigate({ from: '/imports/new' })
  const may = useMay()
  const own = kinds.filter((kind) => may(permissionOf[kind]))
  const { kind = own[0] ?? 'assets' } = route.useSearch()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [file, setFile] = useState<File>()
  const [fault, setFault] = useState('')
  const [sample, setSample] = useState<Sample>()
  const [mapping, setMapping] = useState<MappingDraft>({ columns: {}, constants: {}, dateFormat: '', decimalComma: false })
  const [sent, setSent] = useState(0)

  const guess = (header: string[], of: Kind) => guessColumns(header, of, (field) => fields(field))

  async function take(chosen: File | undefined) {
    if (!chosen) return
    setFault('')
    setSample(undefined)
    setFile(undefined)
    if (chosen.size > fileLimit) return setFault(t('too_large', { size: bytes(fileLimit, locale) }))
    const read = readSample(await chosen.slice(0, sampleBytes).text(), 4, chosen.size <= sampleBytes)
    if (read.header.length === 0 || read.header.every((name) => !name)) return setFault(t('no_header'))
    setFile(chosen)
    setSample(read)
    setMapping({ columns: guess(read.header, kind), constants: {}, dateFormat: '', decimalComma: read.delimiter === ';' })
  }

  const check = useCommand(
    (input: { kind: Kind; mapping: Import['mapping']; name: string; size: number; at: number }, key: string) => {
      if (!file) throw new Error('no file')
      return sendImport(file, input.kind, input.mapping, key, setSent)
    },
    { refresh: ['imports'], done: ({ id }) => void navigate({ to: '/imports/$importId', params: { importId: id } }) },
  )
  const lack = sample ? lacking(kind, mapping.columns, mapping.constants) : []
  function send() {
    if (!file || lack.length > 0 || check.isPending) return
    setSent(0)
    const { columns, constants, dateFormat, decimalComma } = mapping
    check.mutate({
      kind,
      mapping: {
        columns,
        ...(Object.keys(constants).length > 0 ? { constants } : {}),
        ...(dateFormat.trim() ? { date_format: dateFormat.trim() } : {}),
        ...(decimalComma ? { decimal_comma: true } : {}),
      },
      name: file.name,
      size: file.size,
      at: file.lastModified,
    })
  }
  function drop(event: DragEvent) {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }

  if (own.length === 0) return <Note title={t('common:forbidden.title')}>{t('common:forbidden.help')}</Note>
  return (
    <section className={classes.screen}>
      <PageTitle
        title={t('new')}
        main={
          sample ? (
            <Button variant="filled" loading={check.isPending} aria-disabled={lack.length > 0 || undefined} onClick={send}>
              {t('check')}
            </Button>
          ) : null
        }
      />
      <div className={classes.page}>
        <CommandProblem error={check.error} again={send} />
        <section className={classes.step}>
          <h2>
            <span aria-hidden>1</span>
            {t('step.what')}
          </h2>
          <div className={classes.row}>
            <NativeSelect
              label={t('kind')}
              value={kind}
              onChange={(event) => {
                const next = event.currentTarget.value as Kind
                void navigate({ search: { kind: next }, replace: true })
                if (sample) setMapping((old) => ({ ...old, columns: guess(sample.header, next), constants: {} }))
              }}
              data={own.map((value) => ({ value, label: t(`kind.${value}`) }))}
            />
            <p className={classes.quiet}>{t(`key.${kind}`)}</p>
          </div>
        </section>
        <section className={classes.step}>
          <h2>
            <span aria-hidden>2</span>
            {t('step.file')}
          </h2>
          <div
            className={classes.drop}
            data-over={over || undefined}
            onDragOver={(event) => {
              event.preventDefault()
              setOver(true)
            }}
            onDragLeave={() => setOver(false)}
            onDrop={drop}
          >
            <input
              ref={input}
              type="file"
              accept=".csv,text/csv,.txt,.tsv"
              aria-label={t('file')}
              hidden
              onChange={(event) => {
                void take(event.currentTarget.files?.[0])
                event.currentTarget.value = ''
              }}
            />
            <Button variant={sample ? 'default' : 'filled'} leftSection={<IconUpload size={16} stroke={1.75} />} onClick={() => input.current?.click()}>
              {t(file ? 'other_file' : 'choose_file')}
            </Button>
            <p className={classes.quiet}>{file ? `${file.name}, ${bytes(file.size, locale)}` : t('file_help', { size: bytes(fileLimit, locale) })}</p>
          </div>
          {fault ? (
            <p className={classes.lack} role="alert">
              {fault}
            </p>
          ) : null}
        </section>
        {sample ? <Mapping kind={kind} sample={sample} mapping={mapping} change={setMapping} lack={lack} /> : null}
        {check.isPending ? (
          <div className={classes.bar} role="status">
            <Progress.Root size={6}>
              <Progress.Section value={sent * 100} color="var(--ms-moving-solid)" aria-label={t('sending')} />
            </Progress.Root>
            {t('sent', { percent: Math.round(sent * 100) })}
          </div>
        ) : null}
      </div>
    </section>
  )
}
