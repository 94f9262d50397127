import type { FileHandle } from 'node:fs/promises'
import { SinkError } from '@zcast/shared'
import { createNewFile, describeSystemError, systemErrorCode } from '@zcast/shared/internal'

/** Room may come back: the file then goes on. */
const FULL = new Set<string | undefined>(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** A file that grows by whole pieces: each is on the disk, or nothing of it is. */
export class GrowingFile {
  readonly path: string
  readonly #handle: FileHandle
  readonly #isSynced: boolean
  #size = 0

  private constructor(path: string, handle: FileHandle, isSynced: boolean) {
    this.path = path
    this.#handle = handle
    this.#isSynced = isSynced
  }

  /**
   * Makes the file.
   *
   * @param isSynced - False when it need not outlive a loss of power. Default true.
   * @throws {@link OptionError} `ERR_OPTION` when it exists already.
   * @throws {@link SinkError} `ERR_SINK` when it cannot be written.
   */
  static async create(path: string, isSynced = true): Promise<GrowingFile> {
    return new GrowingFile(path, await createNewFile(path), isSynced)
  }

  /** Bytes. */
  get size(): number {
    return this.#size
  }

  /**
   * Writes a piece at the end, and waits until it is on the disk, if it should be. One at a time.
   *
   * @returns False when the disk is full.
   * @throws {@link SinkError} `ERR_SINK` when it cannot be written for another reason.
   */
  async append(bytes: Uint8Array): Promise<boolean> {
    try {
      for (let done = 0; done < bytes.byteLength;) {
        const { bytesWritten } = await this.#handle.write(bytes, done, undefined, this.#size + done)
        done += bytesWritten
      }
      if (this.#isSynced) await this.#handle.datasync()
      this.#size += bytes.byteLength
      return true
    } catch (error) {
      if (!FULL.has(systemErrorCode(error)))
        throw new SinkError(`cannot write ${this.path}: ${describeSystemError(error)}`, { cause: error })
      await this.#handle.truncate(this.#size)
      return false
    }
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}
