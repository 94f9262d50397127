import { CreditWindow } from '@zcast/shared/internal'
import type { RecordedBlock } from '@zcast/subscribers'
import type { WebChannel } from '../server/web-channel.ts'
import { encodePastPicture } from './past-picture.ts'

/**
 * Sends pictures of the past to one page, as many at once as its network has room for: the page says `got N` for each,
 * and none grows old in a queue on the way.
 */
export class PictureOutlet {
  readonly #channel: WebChannel
  readonly #window = new CreditWindow()
  /** When each picture in flight was sent, by its number, oldest first. */
  readonly #inFlight = new Map<number, number>()
  readonly #waiting = new Set<() => void>()
  #number = 0
  #isShort = false

  constructor(channel: WebChannel) {
    this.#channel = channel
    channel.onFlushed(() => this.wake())
    channel.onClose(() => this.wake())
  }

  /** True when a picture that is sent now waits for no other. */
  get hasRoom(): boolean {
    const most = Math.min(this.#channel.maxInFlight, this.#window.size)
    const hasRoom = this.#inFlight.size < most && this.#channel.bufferedBytes === 0
    if (!hasRoom) this.#isShort = true
    return hasRoom
  }

  /** Resolves once there may be room, `wake` was called, or the time is over. */
  change(withinMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        resolve()
      }
      const timer = withinMs === undefined ? undefined : setTimeout(done, withinMs)
      this.#waiting.add(done)
    })
  }

  /** Sends a picture; anything else is passed over. */
  send(block: RecordedBlock, request: number): void {
    const message = encodePastPicture(block, this.#number + 1, request)
    if (!message) return
    this.#number += 1
    this.#inFlight.set(this.#number, performance.now())
    this.#channel.send(message)
  }

  /** Notes that a picture is on the page, and with it all before. */
  got(number: number): void {
    const sentAtMs = this.#inFlight.get(number)
    if (sentAtMs === undefined) return
    const nowMs = performance.now()
    this.#window.acknowledged(Math.max(nowMs - sentAtMs, 0.1), this.#isShort, nowMs)
    this.#isShort = false
    for (const earlier of this.#inFlight.keys()) if (earlier <= number) this.#inFlight.delete(earlier)
    this.wake()
  }

  /** Has everybody who waits look again. */
  wake(): void {
    for (const done of this.#waiting) done()
  }
}
