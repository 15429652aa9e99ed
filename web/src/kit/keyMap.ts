/** The keys of the application in the order of their map at `?`; the words are `shell:key.<word>`. A key that is not in it has no effect anywhere. */
export const keyMap = [
  { keys: ['Ctrl', 'K'], word: 'find' },
  { keys: ['?'], word: 'map' },
  { keys: ['c'], word: 'create' },
  { keys: ['r'], word: 'report' },
  { keys: ['/'], word: 'search_list' },
  { keys: ['f'], word: 'add_filter' },
  { keys: ['j', 'k'], word: 'move' },
  { keys: ['[', ']'], word: 'neighbor' },
  { keys: ['Enter'], word: 'open' },
  { keys: ['o'], word: 'beside' },
  { keys: ['x'], word: 'select' },
  { keys: ['Shift', '↑↓'], word: 'select_more' },
  { keys: ['1', '9'], word: 'tab' },
  { keys: ['e'], word: 'main' },
  { keys: ['p'], word: 'plan' },
  { keys: ['a'], word: 'assign' },
  { keys: ['h'], word: 'hold' },
  { keys: ['m'], word: 'comment' },
  { keys: ['Space', '↑↓←→'], word: 'lift' },
  { keys: ['Ctrl', 'S'], word: 'save' },
  { keys: ['Ctrl', 'Enter'], word: 'send' },
  { keys: ['Esc'], word: 'back' },
] as const

/** A single key that means something outside of fields. */
export type Key = (typeof keyMap)[number]['keys'][number]
