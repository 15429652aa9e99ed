import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { newKey, Problem } from '../api/client'
import { queries } from '../api/query'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const ownTries = 3

/**
 * Runs one command of the server. The key of an intent stays the same over every try of it, by the machine and by the
 * person, so that it counts once; a finished one brings a new key. `refresh` names the query keys that it changes.
 */
export function useCommand<In, Out>(send: (input: In, key: string) => Promise<Out>, options: { refresh?: string[]; done?: (out: Out, input: In) => void } = {}) {
  const intent = useRef<{ input: string; key: string } | null>(null)
  return useMutation<Out, Error, In>({
    async mutationFn(input) {
      const same = JSON.stringify(input) ?? '' // a command without input
      if (intent.current?.input !== same) intent.current = { input: same, key: newKey() }
      const { key } = intent.current
      for (let tries = 1; ; tries++) {
        try {
          const out = await send(input, key)
          intent.current = null
          return out
        } catch (error) {
          if (!(error instanceof Problem)) throw error
          if (!error.again) intent.current = null
          if (error.status !== 503 || tries === ownTries) throw error
          await pause(1000 * (error.retryAfter ?? tries))
        }
      }
    },
    async onSuccess(out, input) {
      await Promise.all((options.refresh ?? []).map((noun) => queries.invalidateQueries({ queryKey: [noun] })))
      options.done?.(out, input)
    },
  })
}
