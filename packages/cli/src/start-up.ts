const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const exit = (): void => process.exit(0)

/**
 * Ends the process in good order on a signal while it still loads its modules, which takes a few hundred milliseconds
 * on a slow machine: nothing has begun yet.
 */
export function exitOnSignals(): void {
  for (const name of SIGNALS) process.on(name, exit)
}

/** From here on somebody else listens to the signals. */
export function stopExitingOnSignals(): void {
  for (const name of SIGNALS) process.off(name, exit)
}
