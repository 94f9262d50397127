import type { Log } from '@zcast/shared'
import type { Audience } from './audience.ts'
import { FOR_HOLDS, Patience } from './patience.ts'

const HOLD_FORGOTTEN =
  'a subscriber asked this publisher to wait and has been silent since: no longer waiting for it'

const HELD_TOO_LONG =
  'a subscriber asks this publisher to wait and has held up the others for 5 s: some messages are sent anyway (1000 or 128 KiB a second)'

/** Has a publisher that may lose nothing stand still while a subscriber asks it to, within limits. */
export class HoldWait {
  readonly #audience: Audience
  readonly #log: Log | undefined
  readonly #patience = new Patience(FOR_HOLDS)

  constructor(audience: Audience, log: Log | undefined) {
    this.#audience = audience
    this.#log = log
  }

  /** True when some subscriber asks it to wait. */
  get isHeld(): boolean {
    return this.#audience.isHeld
  }

  /** Waits until none does, the signal aborts, or it has waited for too long. */
  async untilReleased(signal: AbortSignal): Promise<void> {
    const startedMs = performance.now()
    await this.#audience.untilReleased(signal, this.#patience.leftMs)
    if (this.#patience.spend(performance.now() - startedMs)) this.#log?.warning(HELD_TOO_LONG)
  }

  /** Adds time to wait for a message that was sent. */
  earn(bytes: number): void {
    this.#patience.earn(bytes)
  }

  /** Says that a subscriber that asked it to wait has neither asked again nor released it. */
  tellForgotten(): void {
    this.#log?.warning(HOLD_FORGOTTEN)
  }
}
