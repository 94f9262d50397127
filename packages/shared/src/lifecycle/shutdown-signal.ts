/** A signal that aborts when the process is asked to end, and the means to ask for it from inside. */
export interface ShutdownSignal {
  readonly signal: AbortSignal
  /** Whether the end was asked for from outside: by a system's signal, or by the supervisor's death. */
  readonly interrupted: () => boolean
  /** Asks the process to end in good order, as SIGTERM does. */
  readonly shutdown: () => void
  /** Gives the system's signals back to their default handling; the end is in order, so its deadline is off. */
  readonly dispose: () => void
}

/** How long an orderly end may take before the process is ended all the same. */
const DEADLINE_MS = 8000

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Turns SIGINT, SIGTERM, SIGHUP and the death of the process that supervises this one (its IPC channel closes, also
 * when it was killed) into an abort. A second signal changes nothing; an orderly end that takes longer than 8 s is
 * cut short with exit status 1.
 *
 * @param signals - The system's signals that ask for the end. Default SIGINT, SIGTERM and SIGHUP.
 */
export function listenForShutdown(signals = SIGNALS): ShutdownSignal {
  const controller = new AbortController()
  let deadline: NodeJS.Timeout | undefined
  let wasInterrupted = false
  const shutdown = (): void => {
    if (controller.signal.aborted) return
    deadline = setTimeout(() => process.exit(1), DEADLINE_MS).unref()
    controller.abort()
  }
  const interrupt = (): void => {
    wasInterrupted = true
    shutdown()
  }
  for (const name of signals) process.on(name, interrupt)
  if (process.channel) {
    process.on('disconnect', interrupt)
    // Listening alone would keep the process running for as long as its parent does.
    process.channel.unref()
    if (!process.connected) interrupt()
  }
  return {
    signal: controller.signal,
    interrupted: () => wasInterrupted,
    shutdown,
    dispose: () => {
      for (const name of signals) process.off(name, interrupt)
      process.off('disconnect', interrupt)
      clearTimeout(deadline)
    },
  }
}
