import { type Demand, SourceError } from '@zcast/shared'
import { readJpegSize } from '@zcast/shared/internal'
import { clipPasses, type ClipPicture } from './clip-passes.ts'
import { prefetch } from './prefetch.ts'
import type { ClipJob } from './clip-job.ts'
import type { ClipPlace, TimedPicture } from './clip-place.ts'
import { ClipMemory, type ClipMemoryLimits } from './clip-memory.ts'
import type { ClipStore } from './cache/clip-store.ts'

/** Options of {@link ClipPlayer}. */
export interface ClipPlayerOptions {
  readonly name: string
  readonly loop: boolean
  readonly job: ClipJob
  /** Names of renditions, largest first, without those that are no smaller than the clip. */
  readonly smaller: readonly string[]
  /** True when the clip's own size is always made, which costs nothing because it is copied. */
  readonly copied: boolean
  /** Pictures per second. */
  readonly framesPerSecond: number
  readonly demand: Demand
  readonly signal: AbortSignal
  /** Default: nothing is stored. */
  readonly store?: ClipStore | undefined
  /** Stores a whole pass. Default: as `loop`. */
  readonly keeps?: boolean | undefined
  /** Where the first pass begins. Default: its first picture. */
  readonly from?: ClipPlace | undefined
}

// Half a second covers the start of the next pass's ffmpeg (about 50 ms on an idle machine) many times over.
const PREFETCH_SECONDS = 0.5
const PREFETCH_PICTURES = 8
const PREFETCH_BYTES = 8 * 1024 * 1024

// A pass up to this size is replayed from memory. Reading 1080p back from the cache costs 0.4 ms of CPU time per
// picture, copying a clip of JPEG pictures again 0.7, and the code that both pass through another 0.12 (measured).
const REMEMBERED_BYTES = 64 * 1024 * 1024

const ALL_LEFT_OUT =
  'has no pictures that can be sent: make them smaller with --width or --quality, or check the file'

/**
 * Plays a clip, pass after pass, as the largest output that is wanted: from memory or the cache if it is there,
 * otherwise from ffmpeg, reading ahead and storing what it makes.
 */
export class ClipPlayer {
  readonly #options: ClipPlayerOptions
  #reading: AsyncGenerator<ClipPicture> | undefined
  readonly #memory = new ClipMemory()
  readonly #items: number
  #largest = ''
  /** The place to continue from; `undefined` at the start of a pass. */
  #place: ClipPlace | undefined

  constructor(options: ClipPlayerOptions) {
    this.#options = options
    this.#items = Math.max(PREFETCH_PICTURES, Math.ceil(options.framesPerSecond * PREFETCH_SECONDS))
    this.#place = options.from
  }

  /** The next picture, large enough for every output that is wanted now; `undefined` after the last one. */
  async next(): Promise<ClipPicture | undefined> {
    for (;;) {
      const picture = this.#recall() ?? (await this.#read())
      if (!picture || this.#rank(picture.output) <= this.#rank(this.#wanted())) return picture
      // A larger output has become wanted: it starts with this picture.
      await this.close()
      this.#place = { known: picture, next: picture.index }
    }
  }

  /**
   * Frees everything, to continue later: with the next picture where that costs little, otherwise with the first one,
   * so that the whole pass can be stored.
   */
  async rest(): Promise<void> {
    await this.close()
    this.#memory.forget()
    const { loop, store } = this.#options
    if (loop && !(await store?.reader(this.#wanted()))) this.#place = undefined
  }

  /** Ends ffmpeg, and resolves when it has exited. May be called twice. */
  async close(): Promise<void> {
    await this.#reading?.return(undefined)
    this.#reading = undefined
  }

  /**
   * A picture of a remembered pass that has begun; the pass continues to its end when something smaller becomes wanted.
   */
  #recall(): ClipPicture | undefined {
    const { output } = this.#memory
    if (this.#reading || !this.#place || output === undefined) return undefined
    if (this.#rank(output) > this.#rank(this.#wanted())) return undefined
    const picture = this.#memory.picture(this.#place.next)
    if (picture) this.#place = after(picture)
    return picture
  }

  async #read(): Promise<ClipPicture | undefined> {
    const { loop, signal } = this.#options
    for (;;) {
      const first = this.#reading ? undefined : await this.#beginAgain()
      if (first) return first
      this.#reading ??= this.#readAhead()
      const result = await this.#reading.next()
      if (!result.done) {
        this.#place = after(result.value)
        return result.value
      }
      if (signal.aborted || !loop) return undefined
      this.#reading = undefined
      this.#place = undefined
    }
  }

  /** Starts a pass of the remembered output, if it is wanted and still valid. @returns Its first picture. */
  async #beginAgain(): Promise<ClipPicture | undefined> {
    if (!this.#isRemembered()) return undefined
    this.#place = undefined
    await this.#beginPass()
    if (!this.#isRemembered()) return undefined
    const first = this.#memory.picture(0)
    this.#place = first && after(first)
    return first
  }

  /** Checks the file; a pass remembered from another state of it is forgotten. */
  async #beginPass(): Promise<void> {
    const { store } = this.#options
    const wasUnchanged = store?.unchanged
    await store?.beginPass()
    if (wasUnchanged && !store?.unchanged) this.#memory.forget()
  }

  #readAhead(): AsyncGenerator<ClipPicture> {
    const sizeOf = ({ data }: ClipPicture): number => data.length
    const limits = { items: this.#items, bytes: PREFETCH_BYTES, sizeOf }
    return prefetch((stop) => this.#passes(stop), limits, this.#options.signal)
  }

  #isRemembered(): boolean {
    return this.#memory.output === this.#wanted()
  }

  #passes(signal: AbortSignal): AsyncIterable<ClipPicture> {
    const { name, loop, job } = this.#options
    const again = (): boolean => loop && !this.#isRemembered()
    const whyEmpty = (): string | undefined => (job.dropped > 0 ? ALL_LEFT_OUT : undefined)
    return clipPasses((from) => this.#readPass(from, signal), { name, again, from: this.#place, whyEmpty })
  }

  async *#readPass(from: ClipPlace | undefined, signal: AbortSignal): AsyncGenerator<ClipPicture> {
    if (!from) await this.#beginPass()
    const memory = this.#options.loop && !from ? this.#memory : undefined
    const output = this.#wanted()
    memory?.beginPass(output, this.#memoryLimits())
    try {
      for await (const picture of this.#readOutput(output, from, signal)) {
        memory?.add(picture)
        yield picture
      }
      if (!signal.aborted) memory?.endPass()
    } finally {
      memory?.interruptPass()
    }
  }

  /**
   * When the file is not watched, nobody would notice that it has been replaced; but starting a process for every few
   * pictures could not keep the pace.
   */
  #memoryLimits(): ClipMemoryLimits {
    if (this.#options.store?.unchanged) return { pictures: Infinity, bytes: REMEMBERED_BYTES }
    return { pictures: this.#items, bytes: PREFETCH_BYTES }
  }

  async *#readOutput(
    output: string,
    from: ClipPlace | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<ClipPicture> {
    const { store, job, loop, copied } = this.#options
    const wantsKept = this.#options.keeps ?? loop
    let place = from
    // Copying costs as little as the cache, and takes no space.
    const reader = copied ? undefined : await store?.reader(output)
    for (let index = place?.next ?? 0; reader; index++) {
      if (index >= reader.pictures) return
      const data = await store?.read(output, index)
      if (!data) break
      const picture = this.#describe(output, { index, at: reader.at(index) }, data)
      place = after(picture)
      yield picture
    }

    const keeps = wantsKept && !copied && !place
    let pictures = 0
    try {
      for await (const picture of job.pictures(output, place, signal)) {
        pictures = picture.index + 1
        if (keeps) await store?.keep(output, picture, picture.jpeg)
        yield this.#describe(output, picture, picture.jpeg)
      }
      if (keeps && !signal.aborted) await store?.endPass(output, pictures)
    } finally {
      if (keeps) await store?.interrupt(output)
    }
  }

  #describe(output: string, { index, at }: TimedPicture, data: Uint8Array): ClipPicture {
    const size = readJpegSize(data)
    if (size) return { output, index, at, ...size, data }
    throw new SourceError('ERR_SOURCE_FAILED', `ffmpeg made a broken picture of "${this.#options.name}"`)
  }

  /** The largest output that is wanted; while nobody watches, the last one that was. */
  #wanted(): string {
    const { demand, smaller, copied } = this.#options
    const { wanted } = demand
    if (wanted.size === 0) return this.#largest
    const direct = copied || wanted.has('') || ![...wanted].every((output) => smaller.includes(output))
    this.#largest = direct ? '' : (smaller.find((name) => wanted.has(name)) ?? '')
    return this.#largest
  }

  #rank(output: string): number {
    return output === '' ? -1 : this.#options.smaller.indexOf(output)
  }
}

function after(picture: TimedPicture): ClipPlace {
  return { known: picture, next: picture.index + 1 }
}
