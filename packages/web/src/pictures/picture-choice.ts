import { AS_IT_IS, RenditionChooser, type RenditionStream } from '@zcast/subscribers'
import type { NetworkReading } from '@zcast/shared'
import type { LivePicture, LivePictures, PictureFeed } from './live-pictures.ts'
import type { JoinReaders } from './readers.ts'

/** A rendition that nothing came of for this long is not what is received. */
const CURRENT_MS = 1000

/** What a page calls the stream as it is. */
const WHOLE = 'whole'

const CHOOSE = /^rendition (auto|whole|[1-9]\d{1,3}p)$/

/** What {@link PictureChoice} works with. */
export interface PictureChoiceOptions {
  readonly pictures: LivePictures
  readonly readers: JoinReaders
  /** The renditions of a stream, where they choose themselves. */
  readonly renditions: ((topic: string) => RenditionStream | undefined) | undefined
  /** The stream; the first one seen where none is named. */
  readonly topic: string | undefined
}

/**
 * The pictures of one stream for one reader, in the rendition that it takes, which is received only while it looks: the
 * largest; or one that the person at a page chose; or, for one that tells which it shows, the largest of which enough
 * reach it.
 */
export class PictureChoice implements PictureFeed, JoinReaders {
  readonly #options: PictureChoiceOptions
  readonly #chooser = new RenditionChooser()
  #isAuto = true
  #wanted = AS_IT_IS
  #heights: readonly number[] | undefined
  #isLooking = false
  /** The stream that a rendition is asked of, while this reader looks, and how that ends. */
  #asked: { readonly stream: RenditionStream; readonly end: () => void } | undefined
  #shown: LivePicture | undefined

  constructor(options: PictureChoiceOptions) {
    this.#options = options
  }

  /** The newest picture that this reader takes; never one before the last. */
  newest(): LivePicture | undefined {
    const { pictures } = this.#options
    const any = pictures.newest(this.#options.topic)
    const stream = this.#stream
    if (!any || !stream) return any
    if (this.#isLooking && this.#asked?.stream !== stream) this.#wish()
    const own = pictures.newestOf(any.topic, stream.resolve(this.#wanted))
    // What was asked for may not have come yet, or not since it was asked for last.
    const isCurrent = own !== undefined && any.receivedAtMs - own.receivedAtMs < CURRENT_MS
    const next = isCurrent ? own : any
    if (!this.#shown || isAfter(next, this.#shown)) this.#shown = next
    return this.#shown
  }

  watch(_topic: string | undefined, listener: (picture: LivePicture) => void): () => void {
    return this.#options.pictures.watch(this.#options.topic, () => {
      const picture = this.newest()
      if (picture) listener(picture)
    })
  }

  /** This reader looks. @returns A function for when it does no more, to be called once. */
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

  /** Takes what a page says of renditions. @returns Whether it is that. */
  take(text: string): boolean {
    const [, chosen] = CHOOSE.exec(text) ?? []
    if (chosen === undefined) return false
    this.#isAuto = chosen === 'auto'
    this.#wanted = this.#isAuto || chosen === WHOLE ? AS_IT_IS : chosen
    this.#chooser.reset()
    this.#wish()
    return true
  }

  /** Takes how many pictures there are of what this reader is sent, and how many reach it; by that it is chosen. */
  observe(rates: NetworkReading | undefined): void {
    const stream = this.#stream
    if (!rates || !this.#isAuto || !stream || this.#shown?.output !== this.#wanted) return
    if (stream.heights !== this.#heights) this.#chooser.offer(stream.heights)
    this.#heights = stream.heights
    if (!this.#chooser.observe({ nowMs: performance.now(), ...rates })) return
    this.#wanted = [AS_IT_IS, ...stream.names][this.#chooser.current] ?? AS_IT_IS
    this.#wish()
  }

  /** What a page is told: which renditions there are, and which it takes; `undefined` where none can be chosen. */
  describe(): { type: 'renditions'; names: readonly string[]; shown: string } | undefined {
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
    // After the new one, so that what both ask for goes on.
    before?.end()
  }
}

/** Of another rendition may come last what was there before. */
function isAfter(next: LivePicture, shown: LivePicture): boolean {
  const isOlder = next.output !== shown.output && next.frame.time < shown.frame.time
  return next.receivedAtMs > shown.receivedAtMs && !isOlder
}
