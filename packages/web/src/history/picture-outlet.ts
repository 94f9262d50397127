import { CreditWindow } from '@zcast/shared/internal'
import type { RecordedBlock } from '@zcast/subscribers'
import type { WebChannel } from '../server/channels/web-channel.ts'
import { encodePastPicture } from './past-picture.ts'

/** A timer of more is over at once; whoever waits looks again, and waits on. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * Sends pictures of the past to one page, of each topic as many at once as its network has room for: the page says `got
 * N` for each, and none grows old in a queue on the way.
 */
export class PictureOutlet {
  readonly #channel: WebChannel
  readonly #window = new CreditWindow()
  /** The pictures in flight by their numbers, oldest first. */
  readonly #inFlight = new Map<number, { readonly topic: string; readonly sentAtMs: number }>()
  readonly #waiting = new Set<() => void>()
  #number = 0
  #isShort = false

  constructor(channel: WebChannel) {
    this.#channel = channel
    channel.onFlushed(() => this.wake())
    channel.onClose(() => this.wake())
  }

  /** True when a picture of this topic that is sent now waits for no other of it. */
  hasRoom(topic: string): boolean {
    const inFlight = [...this.#inFlight.values()]
    const hasRoom =
      inFlight.length < this.#channel.maxInFlight &&
      inFlight.filter((picture) => picture.topic === topic).length < this.#window.size &&
      this.#channel.bufferedBytes === 0
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
      const timer =
        withinMs === undefined ? undefined : setTimeout(done, Math.min(withinMs, LONGEST_TIMER_MS))
      this.#waiting.add(done)
    })
  }

  /** Sends a picture; anything else is passed over. */
  send(block: RecordedBlock, request: number): void {
    const message = encodePastPicture(block, this.#number + 1, request)
    if (!message) return
    this.#number += 1
    this.#inFlight.set(this.#number, { topic: block.envelope.topic, sentAtMs: performance.now() })
    this.#channel.send(message)
  }

  /** Notes that a picture is on the page, and with it all before. */
  got(number: number): void {
    const sentAtMs = this.#inFlight.get(number)?.sentAtMs
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
