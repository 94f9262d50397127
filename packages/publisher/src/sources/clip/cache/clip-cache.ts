import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '@zcast/shared'
import { errorMessage, systemErrorCode } from '@zcast/shared/internal'
import { cacheDirectory } from './cache-directory.ts'
import { ClipReader } from './clip-reader.ts'
import { ClipWriter } from './clip-writer.ts'
import { CLIP_FILE, evictClips } from './evict-clips.ts'

/** Options of {@link ClipCache}. */
export interface ClipCacheOptions {
  /** The limit for all clips together, in bytes, at least 1. Default 1 GiB. */
  readonly limitBytes?: number | undefined
  /** Default: `cacheDirectory`. Created when it is first needed. */
  readonly directory?: string | undefined
  /** Receives one report when the cache does not work. Default: no report. */
  readonly log?: Log | undefined
}

/** The default size of a user's cache of clips: 1 GiB, about five minutes of 1080p. */
export const DEFAULT_CACHE_BYTES = 2 ** 30

/**
 * Clips as encoded pictures, in files that are kept between runs and shared by all processes of a user. The least
 * recently used ones are deleted first. A failure turns the cache off, and is not an error.
 */
export class ClipCache {
  /** The folder of the files. */
  readonly directory: string
  /** The limit for all clips together, in bytes. */
  readonly limitBytes: number
  readonly #log: Log | undefined
  #off = false
  #prepared: Promise<void> | undefined

  constructor(options: ClipCacheOptions = {}) {
    this.directory = options.directory ?? cacheDirectory()
    this.limitBytes = options.limitBytes ?? DEFAULT_CACHE_BYTES
    this.#log = options.log
  }

  /**
   * @param key - Everything that the pictures depend on. @returns `undefined` when they are not there, or are damaged.
   */
  async read(key: string): Promise<ClipReader | undefined> {
    if (!(await this.#ready())) return undefined
    try {
      const reader = await ClipReader.open(this.#pathOf(key))
      if (!reader) await this.discard(key)
      return reader
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') this.#turnOff(error)
      return undefined
    }
  }

  /** Starts to store pictures. @returns `undefined` when the cache does not work. */
  async write(key: string): Promise<ClipWriter | undefined> {
    if (!(await this.#ready())) return undefined
    return ClipWriter.create({
      path: this.#pathOf(key),
      limitBytes: this.limitBytes,
      makeRoom: (bytes, ownPath) => evictClips(this.directory, this.limitBytes, bytes, ownPath),
      onFailure: (error) => this.#turnOff(error),
    })
  }

  /** Deletes an entry that was found to be damaged. */
  async discard(key: string): Promise<void> {
    await rm(this.#pathOf(key), { force: true }).catch(() => undefined)
  }

  async #ready(): Promise<boolean> {
    this.#prepared ??= prepare(this.directory).catch((error: unknown) => this.#turnOff(error))
    await this.#prepared
    return !this.#off
  }

  #pathOf(key: string): string {
    return join(this.directory, `${createHash('sha256').update(key).digest('hex')}${CLIP_FILE}`)
  }

  #turnOff(error: unknown): void {
    if (this.#off) return
    this.#off = true
    this.#log?.warning(
      `cannot keep encoded clips in "${this.directory}" (${errorMessage(error)}): each pass is re-encoded; fix that, or use --cache off`,
      error,
    )
  }
}

/** The pictures may be private: nobody else may read them, or replace them. */
async function prepare(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  if (process.getuid === undefined) return
  // Not by its name, which may be a link to a folder whose permissions must not be changed.
  const folder = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    const { uid, mode } = await folder.stat()
    if (uid !== process.getuid()) throw new Error('it belongs to another user')
    if ((mode & 0o077) !== 0) await folder.chmod(0o700)
  } finally {
    await folder.close()
  }
}
