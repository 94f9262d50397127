import { rm, type FileHandle } from 'node:fs/promises'
import { SinkError } from '@zcast/shared'
import { createNewFile, describeSystemError } from '@zcast/shared/internal'
import { WAV_HEADER_BYTES, wavHeader, type PcmFormat } from '@zcast/media/audio'

/**
 * A WAV file of 16-bit samples that is whole after each write: its header is that of what is there, so that a process
 * which is killed leaves a file that plays.
 */
export class WavFile {
  readonly #path: string
  readonly #file: FileHandle
  #format: PcmFormat | undefined
  #bytes = 0
  #closing: Promise<void> | undefined

  private constructor(path: string, file: FileHandle) {
    this.#path = path
    this.#file = file
  }

  /**
   * Makes the file, empty so far.
   *
   * @throws {@link OptionError} `ERR_OPTION` when it exists already; {@link SinkError} `ERR_SINK` when it cannot be written.
   */
  static async create(path: string): Promise<WavFile> {
    return new WavFile(path, await createNewFile(path))
  }

  /** What the file holds; `undefined` while that is nothing. */
  get format(): PcmFormat | undefined {
    return this.#format
  }

  /** Adds samples, all of one format. @throws {@link SinkError} `ERR_SINK` when they cannot be written. */
  async write(format: PcmFormat, samples: Uint8Array): Promise<void> {
    this.#format ??= format
    try {
      await this.#put(samples, WAV_HEADER_BYTES + this.#bytes)
      this.#bytes += samples.byteLength
      await this.#put(wavHeader(this.#format, this.#bytes), 0)
    } catch (error) {
      throw new SinkError(`cannot write ${this.#path}: ${describeSystemError(error)}`, { cause: error })
    }
  }

  /** Closes it, and removes it when nothing came. May be called twice. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    await this.#file.close()
    if (this.#bytes === 0) await rm(this.#path, { force: true })
  }

  /** All of it: a full disk may take a part. */
  async #put(bytes: Uint8Array, position: number): Promise<void> {
    for (let at = 0; at < bytes.byteLength;) {
      const { bytesWritten } = await this.#file.write(bytes, at, bytes.byteLength - at, position + at)
      at += bytesWritten
    }
  }
}
