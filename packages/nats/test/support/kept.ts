import { afterEach } from '@jest/globals'

/** What a test opens: closed after it, the last first. */
export interface Kept {
  <T extends { close(): Promise<void> }>(one: T): T
  /** Calls something at intervals until the test ends. @returns A function that stops it before. */
  every(milliseconds: number, work: () => unknown): () => void
}

/** Call it once, where the tests are described. */
export function keepForEachTest(): Kept {
  const opened: { close(): Promise<void> }[] = []
  const timers: NodeJS.Timeout[] = []
  afterEach(async () => {
    for (const timer of timers.splice(0)) clearInterval(timer)
    for (const one of opened.splice(0).toReversed()) await one.close()
  })
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    opened.push(one)
    return one
  }
  const every = (milliseconds: number, work: () => unknown): (() => void) => {
    const timer = setInterval(() => void work(), milliseconds)
    timers.push(timer)
    return () => clearInterval(timer)
  }
  return Object.assign(keep, { every })
}
