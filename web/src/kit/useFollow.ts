import { useEffect } from 'react'
import { queries } from '../api/query'

/** Reads a noun again each second while something of it is under way: no event tells each step. */
export function useFollow(noun: string, on: boolean) {
  useEffect(() => {
    if (!on) return
    const timer = setInterval(() => void queries.invalidateQueries({ queryKey: [noun] }), 1000)
    return () => clearInterval(timer)
  }, [noun, on])
}
