import { type Envelope, type Frame, parseTopic, wallClock } from '@zcast/shared'
import { streamTopicOf } from '@zcast/shared/internal'
import { AS_IT_IS } from '@zcast/subscribers'
import { encodePictureMessage } from './picture-message.ts'

/** The newest picture of a stream, and its time of arrival. */
export class LivePicture {
  /** The topic that was subscribed to; for a rendition, the topic of its stream. */
  readonly topic: string
  /** The rendition that came in the stream's place. */
  readonly output: string
  readonly frame: Frame
  /** That of its publisher; another one after a restart. */
  readonly epoch: number | undefined
  /**
   * 1 for the first picture of its topic, or rendition, that arrived here, and so on: a gap is what a reader skipped.
   */
  readonly number: number
  /** True when it was sent before, and was repeated for a new subscriber. */
  readonly retained: boolean
  /** A monotonic time in milliseconds. */
  readonly receivedAtMs: number = performance.now()
  /** Seconds since the Unix epoch, by this machine's clock. */
  readonly receivedAt: number = wallClock()
  #message: Uint8Array | undefined

  constructor(envelope: Envelope, frame: Frame, before?: LivePicture) {
    this.topic = streamTopicOf(envelope)
    this.output = outputOf(envelope)
    this.frame = frame
    this.epoch = envelope.epoch
    this.number = (before?.number ?? 0) + 1
    this.retained = envelope.retained ?? false
  }

  /** The message to browsers; built once for all of them, and only when there are any. */
  get message(): Uint8Array {
    this.#message ??= encodePictureMessage(this.frame, this.number)
    return this.#message
  }

  /** Milliseconds since it arrived. */
  get ageMs(): number {
    return performance.now() - this.receivedAtMs
  }
}

interface Watcher {
  readonly topic: string | undefined
  readonly listener: (picture: LivePicture) => void
}

/** The number of topics kept; a publisher that invents new ones cannot fill the memory. */
const MAX_TOPICS = 64

/**
 * The newest picture of each stream, and the readers that wait for the next one. There is no queue anywhere: a reader
 * that is ready takes the newest, and one that is not does not affect the others.
 */
export class LivePictures {
  readonly #newest = new Map<string, LivePicture>()
  /** The newest picture of each rendition of a stream. */
  readonly #outputs = new Map<string, Map<string, LivePicture>>()
  readonly #watchers = new Set<Watcher>()

  /** The streams seen so far, oldest first. */
  get topics(): readonly string[] {
    return [...this.#newest.keys()]
  }

  /** The newest picture of a stream; by default of the first one seen. */
  newest(topic?: string): LivePicture | undefined {
    return topic === undefined ? this.#newest.values().next().value : this.#newest.get(topic)
  }

  /** The newest picture of a rendition that came in a stream's place. */
  newestOf(topic: string, output: string): LivePicture | undefined {
    return this.#outputs.get(topic)?.get(output)
  }

  /** Milliseconds since the newest picture of a stream arrived; 0 when there is none. */
  silentMs(topic: string): number {
    return this.#newest.get(topic)?.ageMs ?? 0
  }

  /** Adds a picture; other blocks are ignored. */
  add(envelope: Envelope): void {
    const { block } = envelope
    if (block.kind !== 'video') return
    const topic = streamTopicOf(envelope)
    const picture = new LivePicture(envelope, block, this.newestOf(topic, outputOf(envelope)))
    if (!this.#newest.has(topic) && this.#newest.size >= MAX_TOPICS) this.#forgetStalest()
    this.#newest.set(topic, picture)
    const outputs = this.#outputs.get(topic) ?? new Map<string, LivePicture>()
    this.#outputs.set(topic, outputs.set(picture.output, picture))
    const isFirst = this.newest() === picture
    for (const watcher of this.#watchers) {
      if (watcher.topic === topic || (watcher.topic === undefined && isFirst)) watcher.listener(picture)
    }
  }

  /**
   * Calls `listener` for each picture of a stream; by default of the first one seen. @returns A function that removes
   * the listener.
   */
  watch(topic: string | undefined, listener: (picture: LivePicture) => void): () => void {
    const watcher = { topic, listener }
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** Forgets a stream: what comes next is its first picture. */
  forget(topic: string): void {
    this.#newest.delete(topic)
    this.#outputs.delete(topic)
  }

  #forgetStalest(): void {
    let stalest: LivePicture | undefined
    for (const picture of this.#newest.values()) {
      if (!stalest || picture.receivedAtMs < stalest.receivedAtMs) stalest = picture
    }
    if (stalest) this.forget(stalest.topic)
  }
}

function outputOf({ topic, renditionOf }: Envelope): string {
  return renditionOf === undefined ? AS_IT_IS : (parseTopic(topic)?.rendition ?? AS_IT_IS)
}
