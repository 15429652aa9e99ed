const opened = new Set<() => void>()

/** Opens «Find or do». */
export function openPalette() {
  for (const open of opened) open()
}

/** The palette listens here; returns how to leave. */
export function onOpenPalette(open: () => void): () => void {
  opened.add(open)
  return () => void opened.delete(open)
}
