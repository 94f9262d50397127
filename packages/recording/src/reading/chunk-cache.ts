import type { ChunkFile, ChunkPlace } from './chunk-file.ts'
import { loadChunk } from './load-chunk.ts'
import type { LoadedChunk } from './loaded-chunk.ts'

/** Memory of the chunks that were read last. */
const MAX_BYTES = 48 * 1024 * 1024

/** Chunks that stay, however large: two that overlap are read in turn. */
const LEAST_CHUNKS = 2

/** Reads a chunk. @returns `undefined` when it is damaged, or gone. */
type LoadChunk = (file: ChunkFile, place: ChunkPlace) => Promise<LoadedChunk | undefined>

/** Chunks that were read last: a page that is scrubbed asks for all topics of the same moment. */
export class ChunkCache {
  readonly #read: LoadChunk
  readonly #maxBytes: number
  readonly #chunks = new Map<ChunkPlace, LoadedChunk>()
  readonly #loading = new Map<ChunkPlace, Promise<LoadedChunk | undefined>>()
  readonly #missing = new WeakSet<ChunkPlace>()
  #damaged = 0
  #bytes = 0

  /**
   * @param read - Default: from the file.
   * @param maxBytes - Memory of what is kept. Default 48 MiB.
   */
  constructor(read: LoadChunk = loadChunk, maxBytes = MAX_BYTES) {
    this.#read = read
    this.#maxBytes = maxBytes
  }

  /** Chunks that were found damaged. */
  get damaged(): number {
    return this.#damaged
  }

  /** Reads a chunk, unless it is here. @returns `undefined` when it is damaged, or gone. */
  async load(file: ChunkFile, place: ChunkPlace): Promise<LoadedChunk | undefined> {
    const known = this.#chunks.get(place)
    if (known) {
      this.#chunks.delete(place)
      this.#chunks.set(place, known)
      return known
    }
    if (this.#missing.has(place)) return undefined
    const started = this.#loading.get(place)
    if (started) return started
    const loading = this.#load(file, place)
    this.#loading.set(place, loading)
    return loading
  }

  async #load(file: ChunkFile, place: ChunkPlace): Promise<LoadedChunk | undefined> {
    try {
      const chunk = await this.#read(file, place)
      if (chunk) this.#keep(place, chunk)
      else {
        this.#missing.add(place)
        this.#damaged += 1
      }
      return chunk
    } finally {
      this.#loading.delete(place)
    }
  }

  #keep(place: ChunkPlace, chunk: LoadedChunk): void {
    this.#chunks.set(place, chunk)
    this.#bytes += chunk.byteLength
    for (const [oldest, { byteLength }] of this.#chunks) {
      if (this.#bytes <= this.#maxBytes || this.#chunks.size <= LEAST_CHUNKS) return
      this.#chunks.delete(oldest)
      this.#bytes -= byteLength
    }
  }
}
