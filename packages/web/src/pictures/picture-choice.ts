import { AS_IT_IS, RenditionChooser, type RenditionStream } from '@zcast/subscribers'
import type { NetworkReading } from '@zcast/shared'
import type { RenditionsMessage } from '../page/page-messages.ts'
import type { LivePicture, LivePictures } from './live-pictures.ts'
import type { JoinReaders } from './readers.ts'

/** A rendition without a picture for this long is not being received. */
const CURRENT_MS = 1000

/** A page's name for the stream itself. */
const WHOLE = 'whole'

const CHOOSE = /^rendition (auto|whole|[1-9]\d{1,3}p)$/

/** Options of {@link PictureChoice}. */
export interface PictureChoiceOptions {
  readonly pictures: LivePictures
  readonly readers: JoinReaders
  /** The renditions of a stream, if they are chosen automatically. */
  readonly renditions: ((topic: string) => RenditionStream | undefined) | undefined
  /** The stream; by default the first one seen. */
  readonly topic: string | undefined
}

/**
 * The pictures of one stream for one reader, in the rendition that it receives, which is subscribed to only while it
 * looks: the largest; or one that the user of a page chose; or, for a reader that reports which pictures it shows, the
 * largest of which enough reach it.
 */
export class PictureChoice implements JoinReaders {
  readonly #options: PictureChoiceOptions
  readonly #chooser = new RenditionChooser()
  #isAuto = true
  #wanted = AS_IT_IS
  #heights: readonly number[] | undefined
  #isLooking = false
  /** The stream of which a rendition is requested while this reader looks, and the function that ends the request. */
  #asked: { readonly stream: RenditionStream; readonly end: () => void } | undefined
  #shown: LivePicture | undefined

  constructor(options: PictureChoiceOptions) {
    this.#options = options
  }

  /** The newest picture for this reader; never one before the last. */
  newest(): LivePicture | undefined {
    const { pictures } = this.#options
    const any = pictures.newest(this.#options.topic)
    const stream = this.#stream
    if (!any || !stream) return any
    if (this.#isLooking && this.#asked?.stream !== stream) this.#wish()
    const own = pictures.newestOf(any.topic, stream.resolve(this.#wanted))
    // The requested rendition may not have come yet, or not since the last request.
    const isCurrent = own !== undefined && any.receivedAtMs - own.receivedAtMs < CURRENT_MS
    const next = isCurrent ? own : any
    if (!this.#shown || isAfter(next, this.#shown)) this.#shown = next
    return this.#shown
  }

  /** Calls `listener` with the newest picture for this reader whenever one comes. @returns A function that removes it. */
  watch(listener: (picture: LivePicture) => void): () => void {
    return this.#options.pictures.watch(this.#options.topic, () => {
      const picture = this.newest()
      if (picture) listener(picture)
    })
  }

  /** Notes that this reader looks. @returns A function that ends this, to be called once. */
  join(): () => void {
    const leave = this.#options.readers.join()
    this.#isLooking = true
    this.#wish()
    return () => {
      this.#isLooking = false
      this.#wish()
      leave()
    }
  }

  /** Handles a page's message about renditions. @returns True when it is one. */
  take(text: string): boolean {
    const [, chosen] = CHOOSE.exec(text) ?? []
    if (chosen === undefined) return false
    this.#isAuto = chosen === 'auto'
    this.#wanted = this.#isAuto || chosen === WHOLE ? AS_IT_IS : chosen
    this.#chooser.reset()
    this.#wish()
    return true
  }

  /** Takes the rate of available pictures and of those that reach this reader, from which the rendition is chosen. */
  observe(rates: NetworkReading | undefined): void {
    const stream = this.#stream
    if (!rates || !this.#isAuto || !stream || this.#shown?.output !== this.#wanted) return
    if (stream.heights !== this.#heights) this.#chooser.offer(stream.heights)
    this.#heights = stream.heights
    if (!this.#chooser.observe({ nowMs: performance.now(), ...rates })) return
    this.#wanted = [AS_IT_IS, ...stream.names][this.#chooser.current] ?? AS_IT_IS
    this.#wish()
  }

  /** The message to a page: the available renditions, and the one shown; `undefined` when there is no choice. */
  describe(): RenditionsMessage | undefined {
    const stream = this.#stream
    return (
      stream && { type: 'renditions', names: [WHOLE, ...stream.names], shown: this.#shown?.output || WHOLE }
    )
  }

  get #stream(): RenditionStream | undefined {
    const topic = this.#options.topic ?? this.#options.pictures.topics[0]
    return topic === undefined ? undefined : this.#options.renditions?.(topic)
  }

  #wish(): void {
    const [before, stream] = [this.#asked, this.#isLooking ? this.#stream : undefined]
    this.#asked = stream && { stream, end: stream.wish(this.#wanted) }
    // After the new request, so that what both want continues.
    before?.end()
  }
}

/**
 * The last picture of another rendition may be older than the one shown. The times of different publishers cannot be
 * compared, nor those before and after a clock was set: then the picture shown soon is the older one.
 */
function isAfter(next: LivePicture, shown: LivePicture): boolean {
  const laterMs = next.receivedAtMs - shown.receivedAtMs
  const isComparable = next.output !== shown.output && next.epoch === shown.epoch && laterMs < CURRENT_MS
  return laterMs > 0 && !(isComparable && next.frame.time < shown.frame.time)
}
