/** In ms: what follows a key within it was no hand. */
export const gap = 60

/**
 * Codes from a scanner that types like a keyboard: characters that follow each other faster than a hand, ended by Enter.
 * `at` is the time of the key in ms. Returns the code when it is complete.
 */
export class Wedge {
  private text = ''
  private last = 0

  press(key: string, at: number): string | undefined {
    if (at - this.last > gap) this.text = ''
    this.last = at
    if (key === 'Enter') {
      const code = this.text
      this.text = ''
      return code.length >= 3 ? code : undefined
    }
    if (key.length === 1) this.text += key
    return undefined
  }
}

/** What a label says, as the code that is looked up: labels of ours hold an address that ends in it. */
export function codeOf(scanned: string): string {
  const text = scanned.trim()
  const ours = /^https?:\/\/[^/]+\/a\/([^/?#]+)/.exec(text)?.[1]
  if (!ours) return text
  try {
    return decodeURIComponent(ours)
  } catch {
    return ours
  }
}
