import { IconUserPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './Avatar.module.css'
import { MetTooltip } from './MetTooltip'

/** The letters that stand for a person: first of the first and of the last name. */
export function initials(name: string): string {
  const parts = name.trim().split(/\s+/)
  const ends = parts.length > 1 ? [parts[0], parts.at(-1)] : [parts[0]]
  return ends.map((part) => [...(part ?? '')][0] ?? '').join('').toUpperCase()
}

/** One person as a gray disc with letters; the name is in the tooltip and in the accessible name. */
export function Avatar({ name, size = 20 }: { name: string; size?: number }) {
  return (
    <MetTooltip label={name} className={classes.disc} role="img" aria-label={name} style={{ width: size, height: size, fontSize: size * 0.45 }}>
      {initials(name)}
    </MetTooltip>
  )
}

/** Who does it: the first person, with the number of further ones; a dashed ring for nobody. */
export function People({ people, size = 20 }: { people: { id: string; name: string }[] | null; size?: number }) {
  const { t } = useTranslation('kit')
  const [first, ...others] = people ?? []
  if (!first) {
    return (
      <MetTooltip label={t('nobody')} className={classes.nobody} role="img" aria-label={t('nobody')} style={{ width: size, height: size }}>
        <IconUserPlus size={size * 0.6} stroke={1.75} />
      </MetTooltip>
    )
  }
  if (others.length === 0) return <Avatar name={first.name} size={size} />
  const names = [first, ...others].map(({ name }) => name).join(', ')
  return (
    <MetTooltip label={names} className={classes.disc} role="img" aria-label={names} style={{ minWidth: size, height: size, fontSize: size * 0.45, padding: '0 3px' }}>
      {initials(first.name)} +{others.length}
    </MetTooltip>
  )
}
