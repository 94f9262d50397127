/** How long a sink that has stopped taking anything may hold up the end of a run. */
const STOPPED_SINK_MS = 1000

/** Waits for a sink to take a value: as long as it needs, but briefly only once the run should end. */
export class SinkPatience {
  #hurried = false
  #onHurry: () => void = () => undefined

  /** From now on no sink is waited for much longer. */
  hurry(): void {
    this.#hurried = true
    this.#onHurry()
  }

  /** Waits for a write. What a sink says after it was given up is not heard. */
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
