import { HoldRequest } from '@zcast/subscribers/internal'
import type { Upstream } from './upstream.ts'

/** Bytes that wait to be sent before publishers above are asked to wait. */
const HOLD_ABOVE_BYTES = 16 * 1024 * 1024

/** Asks the publishers above to wait while somebody below asks for that, or too much waits to be sent. */
export class HoldAbove {
  readonly #upstreams: readonly Upstream[]
  readonly #request: HoldRequest
  readonly #reasons = new Set<'below' | 'here'>()
  #waitingBytes = 0

  constructor(upstreams: readonly Upstream[]) {
    this.#upstreams = upstreams
    this.#request = new HoldRequest(
      () => this.#waitingBytes,
      HOLD_ABOVE_BYTES,
      (held) => this.#set('here', held),
    )
  }

  /** Somebody below asks publishers to wait, or lets them go on. */
  askedBelow(held: boolean): void {
    this.#set('below', held)
  }

  /** Notes a change of the bytes that wait to be sent. */
  waits(bytes: number): void {
    this.#waitingBytes += bytes
    if (bytes < 0) this.#request.took()
  }

  /** Notes that a value was taken from above. */
  added(): void {
    this.#request.added()
  }

  /** Asks no more on account of what waits. */
  end(): void {
    this.#request.end()
  }

  #set(reason: 'below' | 'here', held: boolean): void {
    if (held) this.#reasons.add(reason)
    else this.#reasons.delete(reason)
    for (const upstream of this.#upstreams) upstream.hold(this.#reasons.size > 0)
  }
}
