import { isatty } from 'node:tty'

/**
 * The signals that end this process. A closed terminal (SIGHUP) is ignored when the process was started without one, as
 * by `nohup`, a service or another program. Node undoes the system setting of `nohup` before any of our code runs, but
 * `nohup` leaves no terminal among the standard streams.
 */
export const ENDING_SIGNALS: readonly NodeJS.Signals[] = [0, 1, 2].some((descriptor) => isatty(descriptor))
  ? ['SIGINT', 'SIGTERM', 'SIGHUP']
  : ['SIGINT', 'SIGTERM']

const exit = (): void => process.exit(0)

/**
 * Ends the process cleanly on a signal while it still loads its modules, which takes a few hundred milliseconds on a
 * slow machine: nothing has started yet.
 */
export function exitOnSignals(): void {
  for (const name of ENDING_SIGNALS) process.on(name, exit)
  // Without a listener the system would end the process.
  if (!ENDING_SIGNALS.includes('SIGHUP')) process.on('SIGHUP', () => undefined)
}

/** From here on another listener handles the signals. */
export function stopExitingOnSignals(): void {
  for (const name of ENDING_SIGNALS) process.off(name, exit)
}
