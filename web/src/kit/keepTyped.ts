/** Whether two values of a field are the same. */
export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** The next values, save where the old ones differ from what was sent. */
export function keepTyped<Values extends object>(old: Values, sent: Values, next: Values): Values {
  const typed = Object.entries(old).filter(([name, value]) => !same(value, sent[name as keyof Values]))
  return { ...next, ...Object.fromEntries(typed) }
}
