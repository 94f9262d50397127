import type { CommandContext } from '../../command-context.ts'

const EVERY_MS = 500
const CLEAR_LINE = '\r\u001B[K'

/** Says in a terminal that it is at work, on one line that goes away. @returns A function that removes it. */
export function showProgress({ quiet, json }: CommandContext, what: string): () => void {
  if (quiet || json || !process.stderr.isTTY) return () => undefined
  const startedMs = performance.now()
  const show = (): void => {
    const seconds = Math.round((performance.now() - startedMs) / 1000)
    process.stderr.write(`${CLEAR_LINE}${what} (${seconds} s)`)
  }
  show()
  const timer = setInterval(show, EVERY_MS)
  return () => {
    clearInterval(timer)
    process.stderr.write(CLEAR_LINE)
  }
}
