import type { Demand } from '@zcast/shared'

/** Options of {@link standStill}. */
export interface StandStillOptions {
  readonly demand: Demand
  readonly signal: AbortSignal
  /** The time without a watcher after which `rest` is called, in milliseconds. */
  readonly lingerMs: number
  /** Frees resources kept ready for the next watcher. */
  readonly rest: () => Promise<void>
}

/** Waits until somebody watches (again), or the signal aborts. */
export async function standStill({ demand, signal, lingerMs, rest }: StandStillOptions): Promise<void> {
  const over = new AbortController()
  const stop = (): void => over.abort()
  const timer = setTimeout(stop, lingerMs)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    await demand.untilWanted(over.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
  if (signal.aborted || demand.wanted.size > 0) return
  await rest()
  await demand.untilWanted(signal)
}
