import { access, constants, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Envelope, errorMessage, SinkError, systemErrorCode } from '@zcast/shared'
import type { Sink } from './sink.ts'

/** Saves one picture to a file, the first it is given. The file appears whole or not at all. */
export class SnapshotSink implements Sink {
  readonly #path: string
  #saved = false

  /** @param path - The JPEG file to write; an existing one is replaced. */
  constructor(path: string) {
    this.#path = path
  }

  /** Whether the picture has been saved. */
  get saved(): boolean {
    return this.#saved
  }

  async open(): Promise<void> {
    const existing = await stat(this.#path).catch((error: unknown) => {
      if (systemErrorCode(error) === 'ENOENT') return undefined
      throw this.#failure(error)
    })
    if (existing?.isDirectory()) {
      throw new SinkError(`cannot save a snapshot to ${this.#path}: it is a directory; name a file in it`)
    }
    // Found out now rather than when the first picture comes.
    await access(dirname(this.#path), constants.W_OK).catch((error: unknown) => {
      throw this.#failure(error)
    })
  }

  async write({ topic, block }: Envelope): Promise<void> {
    if (block.kind !== 'video')
      throw new SinkError(`cannot save a snapshot of ${topic}: it carries no pictures`)
    if (this.#saved) return
    const partial = `${this.#path}.${process.pid}.part`
    try {
      await writeFile(partial, block.data)
      await rename(partial, this.#path)
    } catch (error) {
      await rm(partial, { force: true })
      throw this.#failure(error)
    }
    this.#saved = true
  }

  async close(): Promise<void> {
    // Nothing is kept open between pictures.
  }

  #failure(error: unknown): SinkError {
    return new SinkError(`cannot save a snapshot to ${this.#path}: ${errorMessage(error)}`, { cause: error })
  }
}
