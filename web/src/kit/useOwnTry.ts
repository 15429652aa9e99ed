import { useEffect, useRef, useState } from 'react'
import type { Problem } from '../api/client'

const pause = 8
const doings = ['input', 'click', 'keydown'] as const

/**
 * Seconds until what failed is tried again by itself; null where it is not: without a way to, or once the person does something
 * else, for what he has half written must not be sent.
 */
export function useOwnTry(error: Problem, again?: () => void): number | null {
  const [left, setLeft] = useState<number | null>(null)
  const act = useRef(again)
  act.current = again

  useEffect(() => {
    if (!act.current) return
    const seconds = Math.max(pause, error.retryAfter ?? 0)
    const at = Date.now() + seconds * 1000
    setLeft(seconds)
    const clock = setInterval(() => setLeft(Math.max(1, Math.ceil((at - Date.now()) / 1000))), 1000)
    const due = setTimeout(() => {
      end()
      act.current?.()
    }, seconds * 1000)
    const end = () => {
      clearInterval(clock)
      clearTimeout(due)
      setLeft(null)
      for (const doing of doings) document.removeEventListener(doing, end)
    }
    for (const doing of doings) document.addEventListener(doing, end)
    return end
  }, [error])

  return left
}
