import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Envelope, type Frame, SinkError } from '@zcast/shared'
import {
  describeSystemError,
  errorMessage,
  isRealFolder,
  streamTopicOf,
  writeWholeFile,
} from '@zcast/shared/internal'
import type { Sink } from './sink.ts'

/** Options of {@link PictureFolderSink}. */
export interface PictureFolderSinkOptions {
  /** Created when it does not exist. */
  readonly directory: string
  /**
   * Called with the first of a series of pictures that could not be saved, for example on a full disk; the sink
   * continues, and tries each picture again. Without it, `write` rejects.
   */
  readonly onFailure?: ((error: SinkError) => void) | undefined
}

const SEQUENCE_DIGITS = 6

/**
 * Saves each picture as a JPEG file named by its sequence number and time: `000042-2026-08-04T17-47-01.977Z.jpg`.
 *
 * The first stream's pictures are in the directory itself, those of every other stream in a folder of their own, named
 * after its topic (`video-cam2`). A file appears under its name only when it is complete.
 */
export class PictureFolderSink implements Sink {
  readonly #directory: string
  readonly #onFailure: PictureFolderSinkOptions['onFailure']
  readonly #folders = new Map<string, string>()
  #saved = 0
  #failed = 0
  #isFailing = false

  constructor(options: PictureFolderSinkOptions) {
    this.#directory = options.directory
    this.#onFailure = options.onFailure
  }

  /** The number of pictures saved so far. */
  get saved(): number {
    return this.#saved
  }

  /** The number of pictures that could not be saved. */
  get failed(): number {
    return this.#failed
  }

  /** @throws {@link SinkError} `ERR_SINK` when the directory cannot be created. */
  async open(): Promise<void> {
    await this.#makeFolder(this.#directory)
  }

  /** @throws {@link SinkError} `ERR_SINK` when the picture cannot be saved and nobody listens for failures. */
  async write(envelope: Envelope): Promise<void> {
    const { block } = envelope
    if (block.kind !== 'video') return
    try {
      await this.#save(await this.#folderOf(streamTopicOf(envelope)), block)
      this.#saved += 1
      this.#isFailing = false
    } catch (error) {
      this.#failed += 1
      const failure =
        error instanceof SinkError ? error : new SinkError(errorMessage(error), { cause: error })
      if (!this.#onFailure) throw failure
      if (!this.#isFailing) this.#onFailure(failure)
      this.#isFailing = true
    }
  }

  async close(): Promise<void> {}

  async #folderOf(topic: string): Promise<string> {
    const known = this.#folders.get(topic)
    if (known !== undefined) return known
    // A stream may be called "..": with its kind in front it is an ordinary folder name.
    const folder =
      this.#folders.size === 0 ? this.#directory : join(this.#directory, topic.replaceAll('/', '-'))
    await this.#makeFolder(folder)
    if (folder !== this.#directory && !(await isRealFolder(folder))) {
      throw new SinkError(
        `cannot save pictures in ${folder}: it is a link; remove it, or choose another folder`,
      )
    }
    this.#folders.set(topic, folder)
    return folder
  }

  async #save(folder: string, frame: Frame): Promise<void> {
    const name = pictureName(frame, this.#saved + this.#failed)
    try {
      await writeWholeFile(join(folder, name), frame.data)
    } catch (error) {
      throw new SinkError(`cannot save pictures in ${folder}: ${describeSystemError(error)}`, {
        cause: error,
      })
    }
  }

  async #makeFolder(folder: string): Promise<void> {
    try {
      await mkdir(folder, { recursive: true })
    } catch (error) {
      throw new SinkError(`cannot create the folder ${folder}: ${describeSystemError(error)}`, {
        cause: error,
      })
    }
  }
}

/** @param ordinal - Replaces the sequence number of a foreign format, which has none. */
function pictureName(frame: Frame, ordinal: number): string {
  const sequence = String(frame.seq ?? ordinal).padStart(SEQUENCE_DIGITS, '0')
  const date = new Date(frame.time * 1000)
  // Colons are not allowed in file names everywhere; a time outside the calendar came with a damaged or hostile
  // message.
  const time = Number.isNaN(date.getTime()) ? 'unknown-time' : date.toISOString().replaceAll(':', '-')
  return `${sequence}-${time}.jpg`
}
