import { access, constants, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Envelope, SinkError } from '@zcast/shared'
import { describeSystemError, systemErrorCode, writeWholeFile } from '@zcast/shared/internal'
import type { Sink } from './sink.ts'

/**
 * Saves one picture to a file: the first that was sent after the sink was opened, not one that is resent to late
 * joiners. The file appears completely or not at all.
 */
export class SnapshotSink implements Sink {
  readonly #path: string
  readonly #onSaved: () => void
  #saved = false
  #olderTime: number | undefined

  /**
   * @param path - The JPEG file to write; an existing one is replaced.
   * @param onSaved - Called once when the picture is in the file.
   */
  constructor(path: string, onSaved: () => void = () => undefined) {
    this.#path = path
    this.#onSaved = onSaved
  }

  /** True when the picture has been saved. */
  get saved(): boolean {
    return this.#saved
  }

  /**
   * The capture time of the newest picture that was too old to be saved, in seconds since the Unix epoch, if one came.
   */
  get olderTime(): number | undefined {
    return this.#olderTime
  }

  async open(): Promise<void> {
    const existing = await stat(this.#path).catch((error: unknown) => {
      if (systemErrorCode(error) === 'ENOENT') return undefined
      throw this.#failure(error)
    })
    if (existing?.isDirectory()) {
      throw new SinkError(`cannot save a snapshot to ${this.#path}: it is a folder; name a file in it`)
    }
    // Checked now rather than when the first picture comes.
    await access(dirname(this.#path), constants.W_OK).catch((error: unknown) => {
      throw this.#failure(error)
    })
  }

  async write({ topic, block, retained }: Envelope): Promise<void> {
    if (block.kind !== 'video')
      throw new SinkError(`cannot save a snapshot of ${topic}: it does not carry pictures`)
    if (this.#saved) return
    if (retained) {
      this.#olderTime = block.time
      return
    }
    try {
      await writeWholeFile(this.#path, block.data)
    } catch (error) {
      throw this.#failure(error)
    }
    this.#saved = true
    this.#onSaved()
  }

  async close(): Promise<void> {
    // Nothing is kept open between pictures.
  }

  #failure(error: unknown): SinkError {
    return new SinkError(`cannot save a snapshot to ${this.#path}: ${describeSystemError(error)}`, {
      cause: error,
    })
  }
}
