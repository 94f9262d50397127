/** One attack on one process, or several. */
export interface Attack {
  /** Waits until everything is there. */
  start(): Promise<void>
  /** Goes on until the signal aborts, or something does not hold. */
  run(signal: AbortSignal): Promise<void>
  /** Ends what is attacked and the attack. @returns Sentences: what did not hold, and what to print. */
  close(): Promise<AttackReport>
}

/** How an attack went. */
export interface AttackReport {
  readonly failures: readonly string[]
  readonly lines: readonly string[]
}

/** How long what was sent may take to be there: the machine may be busy, and pictures of many megabytes queue up. */
const PATIENCE_MS = 30_000

/** Waits until something holds. @throws when it takes too long. */
export async function until(what: () => string | undefined | Promise<string | undefined>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const missing = await what()
    if (missing === undefined) return
    if (performance.now() > deadline) throw new Error(missing)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
