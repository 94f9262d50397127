import type { CarriedEnvelope } from './relay-codec.ts'
import { isTooOld, type WaitingPicture, type WaitingPictures } from './waiting-pictures.ts'

/** The parts of its topic that a {@link PictureQueue} needs. */
export interface PictureQueueOptions {
  /** Where those below read another format, each picture is made anew. */
  readonly isOtherFormat: boolean
  readonly pictures: WaitingPictures
  /** Sends a picture; never rejects. */
  readonly hand: (envelope: CarriedEnvelope) => Promise<unknown>
  /** Called for each picture that is left out. */
  readonly onLeftOut: () => void
}

/** The pictures of one topic on their way through a relay, in order. Where they come too fast, older ones are left out. */
export class PictureQueue {
  readonly #options: PictureQueueOptions
  readonly #waiting: WaitingPicture[] = []
  /** Left out right before the next picture. */
  #withheld = 0
  #isHanding = false

  constructor(options: PictureQueueOptions) {
    this.#options = options
  }

  /** Takes a picture. */
  add(received: CarriedEnvelope): void {
    const envelope = tellWithheld(received, this.#withheld)
    this.#withheld = 0
    const cameAtMs = performance.now()
    const picture: WaitingPicture = { envelope, cameAtMs, leaveOut: () => this.#leaveOut(picture) }
    this.#waiting.push(picture)
    this.#options.pictures.add(picture)
    while (isTooOld(this.#waiting, this.#isMade(envelope), cameAtMs)) this.#waiting[0]?.leaveOut()
    if (!this.#isHanding) void this.#handAll()
  }

  #isMade(envelope: CarriedEnvelope): boolean {
    return this.#options.isOtherFormat || envelope.complete !== undefined
  }

  async #handAll(): Promise<void> {
    this.#isHanding = true
    while (this.#waiting.length > 0) await Promise.all(this.#next().map((picture) => this.#hand(picture)))
    this.#isHanding = false
  }

  /** All that can be handed on as they came, or one that is made anew. */
  #next(): readonly WaitingPicture[] {
    const made = this.#waiting.findIndex(({ envelope }) => this.#isMade(envelope))
    return this.#waiting.splice(0, made === -1 ? this.#waiting.length : Math.max(made, 1))
  }

  async #hand(picture: WaitingPicture): Promise<void> {
    const { hand, pictures } = this.#options
    pictures.begun(picture)
    await hand(picture.envelope)
    pictures.ended(picture)
  }

  /** Those below are told that it was left out for newer ones, so that it does not count as lost. */
  #leaveOut(picture: WaitingPicture): void {
    const index = this.#waiting.indexOf(picture)
    this.#waiting.splice(index, 1)
    const next = this.#waiting[index]
    const withheld = 1 + (picture.envelope.withheld ?? 0)
    if (next) next.envelope = tellWithheld(next.envelope, withheld)
    else this.#withheld += withheld
    this.#options.pictures.ended(picture)
    this.#options.onLeftOut()
  }
}

function tellWithheld(envelope: CarriedEnvelope, withheld: number): CarriedEnvelope {
  return withheld === 0 ? envelope : { ...envelope, withheld: withheld + (envelope.withheld ?? 0) }
}
