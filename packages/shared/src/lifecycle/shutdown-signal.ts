/** A signal that aborts when the process is asked to end, and a way to ask for it from inside. */
export interface ShutdownSignal {
  readonly signal: AbortSignal
  /** True when the request came from outside: a system signal, or the supervisor's death. */
  readonly interrupted: () => boolean
  /** Asks the process to shut down cleanly, as SIGTERM does. */
  readonly shutdown: () => void
  /**
   * Restores the default handling of system signals and cancels the deadline; call it once the shutdown is complete.
   */
  readonly dispose: () => void
}

/** The longest time for a clean shutdown before the process is ended anyway. */
const DEADLINE_MS = 8000

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Turns SIGINT, SIGTERM, SIGHUP and the death of the process that supervises this one (its IPC channel closes, even
 * when it was killed) into an abort. A second signal changes nothing; a shutdown that takes longer than 8 s is cut
 * short with exit status 1.
 *
 * @param signals - The system signals that request the shutdown. Default SIGINT, SIGTERM and SIGHUP.
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
    // Listening alone would keep the process running as long as its parent does.
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
