import { useEffect } from 'react'
import { queries } from '../../api/query'

/** Reads the exports again each second while one is being written: no event tells each step. */
export function useFollow(on: boolean) {
  useEffect(() => {
    if (!on) return
    const timer = setInterval(() => void queries.invalidateQueries({ queryKey: ['exports'] }), 1000)
    return () => clearInterval(timer)
  }, [on])
}
