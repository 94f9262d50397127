import { stat } from 'node:fs/promises'
import { SourceError } from '@zcast/shared'
import { describeSystemError, isMissing, unreadableSource } from '@zcast/shared/internal'
import type { FileHandles } from './file-handles.ts'
import { readAll } from './read-all.ts'

/** What claims to be larger is not read. */
const MAX_BYTES = 512 * 1024 * 1024

/** A file as it was when it was opened. */
export class ReadableFile {
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly #handles: FileHandles

  private constructor(path: string, size: number, handles: FileHandles) {
    this.path = path
    this.size = size
    this.#handles = handles
  }

  /** @throws {@link SourceError} `ERR_SOURCE_MISSING`, `ERR_SOURCE_UNREADABLE` */
  static async open(path: string, handles: FileHandles): Promise<ReadableFile> {
    try {
      // Before it is opened: opening a pipe waits until somebody writes to it.
      const status = await stat(path)
      if (status.isFile()) {
        const { size } = await handles.use(path, (handle) => handle.stat())
        return new ReadableFile(path, size, handles)
      }
    } catch (error) {
      throw unreadableSource(path, error)
    }
    const message = `${path} is not a file but a folder, a pipe or a device: name a recording that is a file`
    throw new SourceError('ERR_SOURCE_UNREADABLE', message)
  }

  /**
   * Reads a part of it.
   *
   * @throws {@link RangeError} when the file has no such part, or has become shorter.
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when it cannot be read.
   */
  async read(offset: number, length: number): Promise<Uint8Array> {
    if (length > MAX_BYTES || offset + length > this.size) throw new RangeError(`${this.path} ends before`)
    try {
      return await this.#handles.use(this.path, (handle) => readAll(handle, offset, length))
    } catch (error) {
      if (error instanceof RangeError) throw error
      // A ring forgets its oldest file.
      if (isMissing(error)) throw new RangeError(`${this.path} is gone`)
      const message = `${this.path} cannot be read any further: ${describeSystemError(error)}`
      throw new SourceError('ERR_SOURCE_FAILED', message, { cause: error })
    }
  }
}
