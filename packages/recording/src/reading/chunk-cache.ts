import type { ChunkFile, ChunkPlace } from './chunk-file.ts'
import { loadChunk } from './load-chunk.ts'
import type { LoadedChunk } from './loaded-chunk.ts'

/** Memory of the chunks that were read last. */
const MAX_BYTES = 48 * 1024 * 1024

/** Chunks that stay, however large: two that overlap are read in turn. */
const LEAST_CHUNKS = 2

/** Options of {@link ChunkCache}. */
interface ChunkCacheOptions {
  /** Reads a chunk; gives `undefined` when it is damaged, or gone. Default: from the file. */
  readonly read?: (file: ChunkFile, place: ChunkPlace) => Promise<LoadedChunk | undefined>
  /** Memory of what is kept. Default 48 MiB. */
  readonly maxBytes?: number
  /** Called with each chunk that is found damaged. */
  readonly onDamage?: (() => void) | undefined
}

/** Chunks that were read last: a page that is scrubbed asks for all topics of the same moment. */
export class ChunkCache {
  readonly #options: ChunkCacheOptions
  readonly #chunks = new Map<ChunkPlace, LoadedChunk>()
  readonly #loading = new Map<ChunkPlace, Promise<LoadedChunk | undefined>>()
  readonly #missing = new WeakSet<ChunkPlace>()
  #damaged = 0
  #bytes = 0

  constructor(options: ChunkCacheOptions = {}) {
    this.#options = options
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
      const { read = loadChunk, onDamage } = this.#options
      const chunk = await read(file, place)
      if (chunk) this.#keep(place, chunk)
      else {
        this.#missing.add(place)
        this.#damaged += 1
        onDamage?.()
      }
      return chunk
    } finally {
      this.#loading.delete(place)
    }
  }

  #keep(place: ChunkPlace, chunk: LoadedChunk): void {
    this.#chunks.set(place, chunk)
    this.#bytes += chunk.byteLength
    const { maxBytes = MAX_BYTES } = this.#options
    for (const [oldest, { byteLength }] of this.#chunks) {
      if (this.#bytes <= maxBytes || this.#chunks.size <= LEAST_CHUNKS) return
      this.#chunks.delete(oldest)
      this.#bytes -= byteLength
    }
  }
}
