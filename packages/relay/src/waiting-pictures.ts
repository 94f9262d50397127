import { envelopeBytes } from '@zcast/shared/internal'
import type { CarriedEnvelope } from './relay-codec.ts'

/** Pictures of all topics of a relay that may wait, or be on their way. */
const MAX_BYTES = 64 * 1024 * 1024

/** As many of a topic wait whatever their age: on a busy machine a few come in one turn of the event loop. */
const MAX_OLD = 4

/** Pictures that are made anew here fall behind when that takes longer than they last: a viewer wants the newest. */
const OLD_MS = { made: 200, handedOn: 2000 } as const

/** A picture that waits. */
export interface WaitingPicture {
  envelope: CarriedEnvelope
  readonly cameAtMs: number
  /** Takes it out of its topic, and tells those below that it was left out for newer ones. */
  readonly leaveOut: () => void
}

/** The pictures of all topics of a relay that wait to be sent: one limit for all of them. */
export class WaitingPictures {
  readonly #onWaiting: (bytes: number) => void
  /** Those that can still be left out, the oldest first. */
  readonly #waiting = new Set<WaitingPicture>()
  #bytes = 0

  /** @param onWaiting - Called with the change of the bytes that wait. */
  constructor(onWaiting: (bytes: number) => void) {
    this.#onWaiting = onWaiting
  }

  /** Notes a picture that waits; leaves out the oldest ones of any topic when that is too much. */
  add(picture: WaitingPicture): void {
    this.#waiting.add(picture)
    this.#count(envelopeBytes(picture.envelope))
    for (const oldest of this.#waiting) {
      if (this.#bytes <= MAX_BYTES || oldest === picture) return
      oldest.leaveOut()
    }
  }

  /** Notes that a picture is on its way: it is not left out any more. */
  begun(picture: WaitingPicture): void {
    this.#waiting.delete(picture)
  }

  /** Notes that a picture was sent or left out. */
  ended(picture: WaitingPicture): void {
    this.#waiting.delete(picture)
    this.#count(-envelopeBytes(picture.envelope))
  }

  #count(bytes: number): void {
    this.#bytes += bytes
    this.#onWaiting(bytes)
  }
}

/**
 * True when the first of a topic's waiting pictures has waited for too long.
 *
 * @param isMade - True where they are made anew here, which takes its time.
 */
export function isTooOld(waiting: readonly WaitingPicture[], isMade: boolean, nowMs: number): boolean {
  const [oldest] = waiting
  if (!oldest || waiting.length <= MAX_OLD) return false
  return nowMs - oldest.cameAtMs > (isMade ? OLD_MS.made : OLD_MS.handedOn)
}
