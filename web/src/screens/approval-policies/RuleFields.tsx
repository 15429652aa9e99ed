import { ActionIcon, Button, MultiSelect } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../api/me'
import { matrixQuery } from '../../api/permissions'
import { ChoiceField, DecimalField, type FieldProps, useFieldProps } from '../../kit/Fields'
import { PeopleField } from '../../kit/PeopleField'
import { type Fields, partOf } from '../../kit/useFields'
import { heldBy } from '../admin/matrix'
import { type Role, roles } from '../admin/roles'
import { RefField } from '../assets/RefField'
import { emptyLevel, emptyRule, type LevelDraft, modes, type PolicyDraft, type RuleDraft } from './draft'
import classes from './Policies.module.css'

const icon = { size: 16, stroke: 1.75 }
const maxRules = 50
const maxLevels = 10

/** The rules of a policy in their order: of those that match, the first counts. */
export function RuleFields({ form, writes }: { form: Fields<PolicyDraft>; writes: boolean }) {
  const { t } = useTranslation('policies')
  const { rules } = form.values
  const setRules = (next: RuleDraft[]) => form.set('rules', next)
  const swap = (at: number, other: number) => setRules(rules.map((rule, index) => (index === at ? (rules[other] ?? rule) : index === other ? (rules[at] ?? rule) : rule)))
  return (
    <>
      {rules.length > 1 ? <p className={classes.quiet}>{t('rules.order')}</p> : null}
      {rules.map((rule, at) => (
        <fieldset key={rule.key} className={classes.rule}>
          <legend>{t('rule', { number: at + 1 })}</legend>
          {writes && rules.length > 1 ? (
            <ActionIcon.Group className={classes.remove}>
              <ActionIcon variant="default" disabled={at === 0} aria-label={t('rule.up', { number: at + 1 })} onClick={() => swap(at, at - 1)}>
                <IconArrowUp {...icon} />
              </ActionIcon>
              <ActionIcon variant="default" disabled={at === rules.length - 1} aria-label={t('rule.down', { number: at + 1 })} onClick={() => swap(at, at + 1)}>
                <IconArrowDown {...icon} />
              </ActionIcon>
              <ActionIcon variant="default" aria-label={t('rule.remove', { number: at + 1 })} onClick={() => setRules(rules.filter((_, index) => index !== at))}>
                <IconTrash {...icon} />
              </ActionIcon>
            </ActionIcon.Group>
          ) : null}
          <Rule form={partOf(form, `rules.${at}`, rule, (changed) => setRules(rules.map((old, index) => (index === at ? changed : old))))} writes={writes} />
        </fieldset>
      ))}
      {writes && rules.length < maxRules ? (
        <div>
          <Button leftSection={<IconPlus {...icon} />} onClick={() => setRules([...rules, emptyRule()])}>
            {t('rule.add')}
          </Button>
        </div>
      ) : null}
    </>
  )
}

function Rule({ form, writes }: { form: Fields<RuleDraft>; writes: boolean }) {
  const { t } = useTranslation('policies')
  const { currency } = usePlace()
  const { levels } = form.values
  const setLevels = (next: LevelDraft[]) => form.set('levels', next)
  return (
    <>
      <div className={classes.pair}>
        <DecimalField form={form} name="min_amount" label={t('min')} unit={currency} optional help={t('min.help')} />
        <DecimalField form={form} name="max_amount" label={t('max')} unit={currency} optional help={t('max.help')} />
      </div>
      <div className={classes.pair}>
        <RefField form={form} name="department_id" label={t('department')} kind="department" optional />
        <RefField form={form} name="category_id" label={t('category')} kind="category" optional />
        <RefField form={form} name="location_id" label={t('location')} kind="location" optional />
      </div>
      {levels.map((level, at) => (
        <LevelBox key={level.key} form={form} at={at}>
          {writes && levels.length > 1 ? (
            <ActionIcon className={classes.remove} variant="default" aria-label={t('level.remove', { number: at + 1 })} onClick={() => setLevels(levels.filter((_, index) => index !== at))}>
              <IconTrash {...icon} />
            </ActionIcon>
          ) : null}
          <Level
            form={partOf(form, `levels.${at}`, level, (changed) => {
              setLevels(levels.map((old, index) => (index === at ? changed : old)))
              form.forget(`levels.${at}`)
            })}
          />
        </LevelBox>
      ))}
      {writes && levels.length < maxLevels ? (
        <div>
          <Button leftSection={<IconPlus {...icon} />} onClick={() => setLevels([...levels, emptyLevel()])}>
            {t('level.add')}
          </Button>
        </div>
      ) : null}
      <PeopleField form={form} name="escalate_to" label={t('escalate_to')} optional help={t('escalate_to.help')} />
    </>
  )
}

/** A level with what the server says about all of it. */
function LevelBox({ form, at, children }: { form: Fields<RuleDraft>; at: number; children: ReactNode }) {
  const { t } = useTranslation('policies')
  const name = `levels.${at}`
  form.knows(name)
  const fault = form.faults[name]
  return (
    <fieldset id={form.idOf(name)} tabIndex={-1} className={classes.level} aria-describedby={fault ? `${form.idOf(name)}-fault` : undefined}>
      <legend>{t('level', { number: at + 1 })}</legend>
      {fault ? (
        <p id={`${form.idOf(name)}-fault`} className={classes.fault}>
          {fault}
        </p>
      ) : null}
      {children}
    </fieldset>
  )
}

function Level({ form }: { form: Fields<LevelDraft> }) {
  const { t } = useTranslation('policies')
  const { mode } = form.values
  return (
    <>
      <ChoiceField form={form} name="mode" label={t('mode')} choices={modes.map((value) => ({ value, label: t(`mode.${value}`) }))} />
      {mode === 'n_of_m' ? <DecimalField form={form} name="n" label={t('n')} unit={t('people')} width={140} /> : null}
      <RolesField form={form} name="roles" label={t('roles')} optional={form.values.user_ids.length > 0} help={t('roles.help')} />
      <PeopleField form={form} name="user_ids" label={t('people.named')} optional={form.values.roles.length > 0} />
    </>
  )
}

/** The roles that may decide approvals at all. */
function RolesField<V extends object, N extends keyof V & string>(props: FieldProps<V, N>) {
  const { form, name } = props
  const { t } = useTranslation('fields')
  const matrix = useQuery(matrixQuery).data
  const chosen = form.values[name] as string[]
  const may = roles.filter((role) => chosen.includes(role) || heldBy([role], matrix?.permissions ?? []).some(({ permission }) => permission === 'approvals.decide'))
  return (
    <MultiSelect
      {...useFieldProps(props)}
      searchable
      hidePickedOptions
      clearButtonProps={{ 'aria-label': t('clear') }}
      nothingFoundMessage={t('nothing_found')}
      data={may.map((role) => ({ value: role, label: t(`shell:role.${role as Role}`) }))}
      value={chosen}
      onChange={(next) => form.set(name, next as V[N])}
    />
  )
}
