import { AS_IT_IS, RenditionChooser, type RenditionStream } from '@zcast/subscribers'
import type { LivePicture, LivePictures, PictureFeed } from './live-pictures.ts'
import type { JoinReaders } from './readers.ts'

/** A rendition that nothing came of for this long is not what is received. */
const CURRENT_MS = 1000

/** A reading over less than this, or much more than was asked for, says nothing. */
const [LEAST_MS, MOST_MS] = [500, 3000]

/** What a page calls the stream as it is. */
const WHOLE = 'whole'

const DREW = /^drew (\d{1,6}) (\d{1,6})$/
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
 * largest; or one that the person at a page chose; or, for a page that tells how many it drew, the largest of which it
 * draws enough.
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
  /** The picture that the last reading ended with. */
  #counted: LivePicture | undefined

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
    if (chosen !== undefined) {
      this.#isAuto = chosen === 'auto'
      this.#wanted = this.#isAuto || chosen === WHOLE ? AS_IT_IS : chosen
      this.#chooser.reset()
      this.#counted = undefined
      this.#wish()
      return true
    }
    const drew = DREW.exec(text)
    if (!drew) return false
    this.#observe(Number(drew[1]), Number(drew[2]))
    return true
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

  #observe(drawn: number, elapsedMs: number): void {
    const [stream, before, newest] = [this.#stream, this.#counted, this.#shown]
    this.#counted = newest
    if (!this.#isAuto || !stream || !newest || !before || before.output !== newest.output) return
    if (newest.output !== this.#wanted || elapsedMs < LEAST_MS || elapsedMs > MOST_MS) return
    if (stream.heights !== this.#heights) this.#chooser.offer(stream.heights)
    this.#heights = stream.heights
    const came = ((newest.number - before.number) * 1000) / elapsedMs
    const carried = (drawn * 1000) / elapsedMs
    if (!this.#chooser.observe({ nowMs: performance.now(), wanted: came, carried })) return
    this.#wanted = [AS_IT_IS, ...stream.names][this.#chooser.current] ?? AS_IT_IS
    this.#counted = undefined
    this.#wish()
  }
}

/** Of another rendition may come last what was there before. */
function isAfter(next: LivePicture, shown: LivePicture): boolean {
  const isOlder = next.output !== shown.output && next.frame.time < shown.frame.time
  return next.receivedAtMs > shown.receivedAtMs && !isOlder
}
