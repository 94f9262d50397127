import type { ClipCache } from './clip-cache.ts'
import type { ClipReader } from './clip-reader.ts'
import type { TimedPicture } from '../clip-place.ts'
import type { ClipWriter } from './clip-writer.ts'
import { fileIdentity } from './file-identity.ts'

/** Options of {@link ClipStore}. */
export interface ClipStoreOptions {
  readonly cache: ClipCache
  /** The clip's file. */
  readonly path: string
  /** The value of {@link fileIdentity} when the clip was opened. */
  readonly identity: string
  /** Returns everything else that the pictures of an output depend on. */
  readonly keyOf: (output: string) => Promise<string>
}

/**
 * The pictures of one clip in the cache, for each of its outputs, while it is played. When the file has changed since
 * it was opened, pictures are neither read nor stored.
 */
export class ClipStore {
  readonly #options: ClipStoreOptions
  readonly #readers = new Map<string, Promise<ClipReader | undefined>>()
  readonly #writers = new Map<string, ClipWriter | 'given up'>()
  #unchanged = true

  constructor(options: ClipStoreOptions) {
    this.#options = options
  }

  /** True when the file was still unchanged at the start of the last pass. */
  get unchanged(): boolean {
    return this.#unchanged
  }

  /** Checks the file again: call it before each pass over the clip. */
  async beginPass(): Promise<void> {
    this.#unchanged &&= (await fileIdentity(this.#options.path)) === this.#options.identity
    if (!this.#unchanged) return this.close()
    for (const [output, reader] of this.#readers) {
      const known = await reader
      // Another process may have encoded the clip meanwhile.
      if (known) await known.touch()
      else this.#readers.delete(output)
    }
  }

  /** The pictures of an output; `undefined` when they are not stored. */
  async reader(output: string): Promise<ClipReader | undefined> {
    if (!this.#unchanged) return undefined
    const known = this.#readers.get(output)
    if (known) return known
    const reader = this.#key(output).then((key) => this.#options.cache.read(key))
    this.#readers.set(output, reader)
    return reader
  }

  /** One picture of an output; `undefined` when it is not stored. A damaged file is deleted. */
  async read(output: string, index: number): Promise<Uint8Array | undefined> {
    const reader = await this.reader(output)
    const picture = await reader?.read(index)
    if (!reader || picture || index >= reader.pictures) return picture
    await reader.close()
    await this.#options.cache.discard(await this.#key(output))
    this.#readers.set(output, Promise.resolve(undefined))
    return undefined
  }

  /** Stores a picture, if it is the next one after those stored in this pass; a gap gives the output up. */
  async keep(output: string, { index, at }: TimedPicture, picture: Uint8Array): Promise<void> {
    if (!this.#unchanged) return
    let writer = this.#writers.get(output)
    if (!writer && index === 0) {
      writer = (await this.#options.cache.write(await this.#key(output))) ?? 'given up'
      this.#writers.set(output, writer)
    }
    if (!writer || writer === 'given up') return
    if (writer.pictures !== index) return this.interrupt(output)
    // An output that did not fit once is not tried again in each pass.
    if (!(await writer.add(picture, at))) this.#writers.set(output, 'given up')
  }

  /**
   * Ends a pass of an output: its pictures become available to all readers, if the count matches and the file is
   * unchanged.
   */
  async endPass(output: string, pictures: number): Promise<void> {
    const writer = this.#writers.get(output)
    if (!writer || writer === 'given up') return
    const unchanged = (await fileIdentity(this.#options.path)) === this.#options.identity
    if (!unchanged || writer.pictures !== pictures) return this.interrupt(output)
    this.#writers.delete(output)
    if (await writer.commit()) this.#readers.delete(output)
  }

  /** Ends a pass in the middle: the incomplete output is removed. */
  async interrupt(output: string): Promise<void> {
    const writer = this.#writers.get(output)
    if (!writer || writer === 'given up') return
    this.#writers.delete(output)
    await writer.abandon()
  }

  /** The outputs being stored. */
  get kept(): readonly string[] {
    return [...this.#writers.keys()]
  }

  /** Frees all files and removes partly written ones. May be called twice. */
  async close(): Promise<void> {
    for (const output of this.kept) await this.interrupt(output)
    const readers = [...this.#readers.values()]
    this.#readers.clear()
    for (const reader of readers) await (await reader)?.close()
  }

  async #key(output: string): Promise<string> {
    return `${this.#options.identity}\n${await this.#options.keyOf(output)}`
  }
}
