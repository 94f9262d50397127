/** The time for which a sink that has stopped may delay the end of a run. */
const STOPPED_SINK_MS = 1000

/** Waits for a sink to take a value: as long as it needs, but only briefly once the run should end. */
export class SinkPatience {
  #hurried = false
  #onHurry: () => void = () => undefined

  /** From now on, waits for sinks are short. */
  hurry(): void {
    this.#hurried = true
    this.#onHurry()
  }

  /** Waits for a write. Errors of a sink that was given up are ignored. */
  async wait(written: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    try {
      await new Promise<void>((resolve, reject) => {
        this.#onHurry = () => (timer ??= setTimeout(resolve, STOPPED_SINK_MS))
        if (this.#hurried) this.#onHurry()
        written.then(resolve, reject)
      })
    } finally {
      clearTimeout(timer)
      this.#onHurry = () => undefined
    }
  }
}
