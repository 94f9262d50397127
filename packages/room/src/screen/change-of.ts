import type { ScreenClock } from './screen-clock.ts'

/** Waits until a clock is changed, for a time, or until the signal aborts. */
export function changeOf(clock: ScreenClock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stop()
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const stop = clock.onChange(done)
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}
