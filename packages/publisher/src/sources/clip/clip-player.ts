import type { Demand } from '@zcast/shared'
import { clipPasses, type ClipPicture } from '../clip-passes.ts'
import { prefetch } from '../prefetch.ts'
import type { ClipJob } from './clip-job.ts'
import type { ClipStore } from './clip-store.ts'

/** Options of {@link ClipPlayer}. */
export interface ClipPlayerOptions {
  readonly name: string
  readonly loop: boolean
  readonly job: ClipJob
  /** Names of renditions, largest first, but those that are no smaller than the clip. */
  readonly smaller: readonly string[]
  /** Always make the clip's own size, which costs nothing: it is copied. */
  readonly copied: boolean
  /** Pictures a second. */
  readonly framesPerSecond: number
  readonly demand: Demand
  readonly signal: AbortSignal
  /** Default: nothing is kept. */
  readonly store?: ClipStore | undefined
}

// Half a second covers the start of the next pass's ffmpeg (some 50 ms on an idle machine) many times over.
const PREFETCH_SECONDS = 0.5
const PREFETCH_PICTURES = 8
const PREFETCH_BYTES = 8 * 1024 * 1024

// What a pass of ffmpeg made is played again from memory where it is no more than this. Reading it back from the cache
// costs 0.4 ms of CPU a picture of 1080p in the second pass, and copying a clip of JPEG pictures anew 0.7 in each (measured).
const REMEMBERED_BYTES = 64 * 1024 * 1024

/**
 * Reads a clip ahead, pass after pass, as the largest output that is wanted: from the cache where it is there, else from
 * ffmpeg, keeping what it makes.
 */
export class ClipPlayer {
  readonly #options: ClipPlayerOptions
  #reading: AsyncGenerator<ClipPicture> | undefined
  /** The whole pass that ffmpeg made last, if it is small enough. */
  #remembered: { readonly output: string; readonly pictures: readonly Uint8Array[] } | undefined
  #largest = ''
  #next = 0

  constructor(options: ClipPlayerOptions) {
    this.#options = options
  }

  /** The next picture, large enough for every output that is wanted now; `undefined` after the last one. */
  async next(): Promise<ClipPicture | undefined> {
    for (;;) {
      const picture = await this.#read()
      if (!picture || this.#rank(picture.output) <= this.#rank(this.#wanted())) return picture
      // A larger output is wanted since: from this picture on.
      await this.close()
      this.#next = picture.index
    }
  }

  /**
   * Frees everything, to go on later: with the next picture where that costs little, else with the first one, so that the
   * whole pass can be kept.
   */
  async rest(): Promise<void> {
    await this.close()
    this.#remembered = undefined
    const { loop, store } = this.#options
    if (loop && !(await store?.reader(this.#wanted()))) this.#next = 0
  }

  /** Ends ffmpeg, and resolves when it is gone. May be called twice. */
  async close(): Promise<void> {
    await this.#reading?.return(undefined)
    this.#reading = undefined
  }

  async #read(): Promise<ClipPicture | undefined> {
    const { framesPerSecond, signal } = this.#options
    const items = Math.max(PREFETCH_PICTURES, Math.ceil(framesPerSecond * PREFETCH_SECONDS))
    const limits = { items, bytes: PREFETCH_BYTES, sizeOf: ({ data }: ClipPicture) => data.length }
    this.#reading ??= prefetch((stop) => this.#passes(items, stop), limits, signal)
    const result = await this.#reading.next()
    if (result.done) return undefined
    this.#next = result.value.index + 1
    return result.value
  }

  #passes(keptPictures: number, signal: AbortSignal): AsyncIterable<ClipPicture> {
    const { name, loop } = this.#options
    const kept = { keptPictures, keptBytes: PREFETCH_BYTES }
    return clipPasses((from) => this.#readPass(from, signal), { name, loop, from: this.#next, ...kept })
  }

  async *#readPass(from: number, signal: AbortSignal): AsyncGenerator<ClipPicture> {
    const { store, job, loop, copied } = this.#options
    if (from === 0) await store?.beginPass()
    const output = this.#wanted()
    let index = from
    if (store?.unchanged && this.#remembered?.output === output) {
      for (const data of this.#remembered.pictures.slice(from)) yield { output, index: index++, data }
      return
    }
    // Copying costs as little as the cache, and takes no room.
    const reader = copied ? undefined : await store?.reader(output)
    const known = reader?.pictures ?? 0
    for (; index < known; index++) {
      const data = await store?.read(output, index)
      if (!data) break
      yield { output, index, data }
    }
    if (reader && index >= known) return

    const keeps = loop && !copied && index === 0
    // Without a store nobody would notice that the file has become another one.
    let remembered: Uint8Array[] | undefined = store && loop && index === 0 ? [] : undefined
    let bytes = 0
    try {
      for await (const data of job.pictures(output, index, signal)) {
        if (keeps) await store?.keep(output, index, data)
        bytes += data.length
        if (bytes > REMEMBERED_BYTES) remembered = undefined
        remembered?.push(data)
        yield { output, index, data }
        index++
      }
      if (signal.aborted) return
      if (keeps) await store?.endPass(output, index)
      if (remembered) this.#remembered = { output, pictures: remembered }
    } finally {
      if (keeps) await store?.interrupt(output)
    }
  }

  /** The largest output that is wanted; the last one that was, while nobody watches. */
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
