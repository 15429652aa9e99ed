/** The first rows of a CSV file, to show what is in which column. */
export interface Sample {
  delimiter: ',' | ';' | '\t'
  header: string[]
  rows: string[][]
}

const delimiters = [',', ';', '\t'] as const

/** Reads the first rows of a text as RFC 4180 has it; a row that the text cuts off is left out. */
export function readSample(text: string, rows = 4, whole = false): Sample {
  const body = text.replace(/^\uFEFF/, '')
  const first = body.split(/\r?\n/, 1)[0] ?? ''
  const delimiter = [...delimiters].sort((a, b) => first.split(b).length - first.split(a).length)[0] ?? ','
  const all = parse(body, delimiter, rows + 1, whole)
  return { delimiter, header: (all[0] ?? []).map((name) => name.trim()), rows: all.slice(1) }
}

function parse(text: string, delimiter: string, limit: number, whole: boolean): string[][] {
  const out: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < text.length && out.length < limit; at++) {
    const char = text[at] ?? ''
    if (quoted) {
      if (char !== '"') cell += char
      else if (text[at + 1] === '"') {
        cell += '"'
        at++
      } else quoted = false
    } else if (char === '"') quoted = true
    else if (char === delimiter) {
      row.push(cell)
      cell = ''
    } else if (char === '\n') {
      out.push([...row, cell.replace(/\r$/, '')])
      row = []
      cell = ''
    } else cell += char
  }
  if (whole && out.length < limit && (cell !== '' || row.length > 0)) out.push([...row, cell.replace(/\r$/, '')])
  return out
}
