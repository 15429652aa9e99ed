/** An asset's, location's or person's code: slashed zeros, told-apart I and l. */
export function Code({ children }: { children: string | undefined }) {
  return <span className="ms-code">{children}</span>
}

/** Splits `WO-004187` into what nobody says (`WO-00`) and what people say (`4187`). */
export function splitNumber(number: string): [unsaid: string, said: string] {
  const at = number.search(/[1-9]\d*$/)
  return at < 0 ? ['', number] : [number.slice(0, at), number.slice(at)]
}

/** A record's number. Lists show only the part people say aloud. */
export function RecordNumber({ value, short = false }: { value: string; short?: boolean }) {
  const [unsaid, said] = splitNumber(value)
  return (
    <span className="ms-code ms-said-aloud">
      {short ? <span className="ms-hidden">{unsaid}</span> : <span className="ms-unsaid">{unsaid}</span>}
      {said}
    </span>
  )
}
