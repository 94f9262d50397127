import type { IncomingMessage } from 'node:http'
import { HttpRefusal } from '@zcast/web/internal'
import type { Guest } from '../people/guest.ts'

/** Bodies that are received at the same time: of all guests, and of one. */
const MAX_RUNNING = 16
const MAX_RUNNING_OF_ONE = 3

interface Run {
  readonly guest: Guest
  readonly request: IncomingMessage
  /** Resolves at its end, whatever comes of it. */
  readonly ended: Promise<unknown>
}

/** The uploads that are being received or checked, one request each. */
export class RunningUploads {
  readonly #runs = new Map<string, Run>()

  /** True when an upload is being received or checked. */
  has(id: string): boolean {
    return this.#runs.has(id)
  }

  /**
   * Runs work for an upload, once the request that has run for it before has ended: its guest is back, on a new
   * connection, while the old one hangs.
   *
   * @throws {@link HttpRefusal} 429 when too many are running.
   */
  async run<T>(id: string, about: Omit<Run, 'ended'>, work: () => Promise<T>): Promise<T> {
    // Two that waited for the same one must not both begin.
    do await this.stop(id)
    while (this.#runs.has(id))
    const own = [...this.#runs.values()].filter(({ guest }) => guest === about.guest)
    if (own.length >= MAX_RUNNING_OF_ONE || this.#runs.size >= MAX_RUNNING) {
      throw new HttpRefusal(429, 'too many files are being uploaded at once: this one has to wait')
    }
    const working = work()
    const run = { ...about, ended: working.catch(() => undefined) }
    this.#runs.set(id, run)
    try {
      return await working
    } finally {
      this.#runs.delete(id)
    }
  }

  /** Cuts off what runs for an upload, and waits for its end. */
  async stop(id: string): Promise<void> {
    for (let run = this.#runs.get(id); run; run = this.#runs.get(id)) {
      run.request.destroy()
      await run.ended
      // Whoever runs it forgets it a moment later.
      await Promise.resolve()
    }
  }

  /** Cuts off what a guest is sending, or everybody. */
  cut(guest?: Guest): void {
    for (const run of this.#runs.values()) if (!guest || run.guest === guest) run.request.destroy()
  }

  /** Waits until nothing runs. */
  async settled(): Promise<void> {
    await Promise.all([...this.#runs.values()].map(({ ended }) => ended))
  }
}
