import type { Message } from '@zcast/shared'
import { HeaderPeek } from '@zcast/shared/internal'
import { markRetained } from './mark-retained.ts'

/** What comes now while the past is still being read, in bytes; beyond it the oldest is left out. */
const MAX_HELD_BYTES = 64 * 1024 * 1024

/** Topics whose last number of the past is remembered. */
const MAX_TOPICS = 1024

/** Puts the past before what comes meanwhile: each value once, in order. */
export class PastAndNow {
  readonly #deliver: (message: Message) => void
  readonly #peek = new HeaderPeek()
  /** Of each topic: the epoch and the last number of the past. */
  readonly #last = new Map<string, { readonly epoch: number; readonly seq: number }>()
  readonly #held: { readonly topic: string; readonly message: Message }[] = []
  #heldBytes = 0
  #reading = 0

  constructor(deliver: (message: Message) => void) {
    this.#deliver = deliver
  }

  /** Holds back what comes now. */
  begin(): void {
    this.#reading += 1
  }

  /** Lets go of what was held back, once all that was begun has ended. */
  end(): void {
    this.#reading -= 1
    if (this.#reading > 0) return
    for (const { topic, message } of this.#held.splice(0))
      if (!this.#isPast(topic, message)) this.#deliver(message)
    this.#heldBytes = 0
  }

  past(topic: string, [topicPart, header, ...rest]: Message): void {
    if (!topicPart || !header) return
    const fields = this.#peek.read(header)
    if (
      fields?.epoch !== undefined &&
      fields.seq !== undefined &&
      (this.#last.has(topic) || this.#last.size < MAX_TOPICS)
    )
      this.#last.set(topic, { epoch: fields.epoch, seq: fields.seq })
    this.#deliver([topicPart, fields ? markRetained(header) : header, ...rest])
  }

  now(topic: string, message: Message): void {
    if (this.#reading === 0) return this.#deliver(message)
    this.#held.push({ topic, message })
    this.#heldBytes += sizeOf(message)
    while (this.#heldBytes > MAX_HELD_BYTES)
      this.#heldBytes -= sizeOf((this.#held.shift() as { message: Message }).message)
  }

  #isPast(topic: string, [, header]: Message): boolean {
    const last = this.#last.get(topic)
    const fields = header && this.#peek.read(header)
    return (
      last !== undefined && fields?.epoch === last.epoch && fields.seq !== undefined && fields.seq <= last.seq
    )
  }
}

function sizeOf(message: Message): number {
  return message.reduce((bytes, part) => bytes + part.byteLength, 64)
}
