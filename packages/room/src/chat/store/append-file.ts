import { close, constants, fdatasync, fstat, ftruncate, read, write } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { keepFolder, openOwnFile, writeWholeFile } from '@zcast/shared/internal'

const closing = promisify(close)
const syncing = promisify(fdatasync)
const truncating = promisify(ftruncate)
const asking = promisify(fstat)

const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT
/** Only its owner reads what people said. */
const MODE = 0o600

/** A file of lines that only grows; what was appended is on the disk. One process at a time may have it. */
export class AppendFile {
  readonly #path: string
  #descriptor: number
  /** Up to here it is whole; behind it may be a part of what could not be appended. */
  #size: number
  #isTorn = false

  private constructor(path: string, descriptor: number, size: number) {
    this.#path = path
    this.#descriptor = descriptor
    this.#size = size
  }

  /**
   * Opens a file, or makes it.
   *
   * @throws The system's error, or `ERR_UNSAFE_FILE`.
   */
  static async open(path: string): Promise<AppendFile> {
    const descriptor = openOwnFile(path, FLAGS, MODE)
    await keepFolder(dirname(path))
    return new AppendFile(path, descriptor, (await asking(descriptor)).size)
  }

  /** Its length in bytes. */
  get size(): number {
    return this.#size
  }

  /** Reads its end. @param most - At most so many bytes. */
  async readEnd(most: number): Promise<Buffer> {
    const bytes = Buffer.alloc(Math.min(most, this.#size))
    const first = this.#size - bytes.length
    for (let at = 0; at < bytes.length;) {
      const count = await readAt(this.#descriptor, bytes, at, first + at)
      if (count === 0) return bytes.subarray(0, at)
      at += count
    }
    return bytes
  }

  /** Cuts it off. */
  async cut(size: number): Promise<void> {
    await truncating(this.#descriptor, size)
    this.#size = size
    this.#isTorn = false
  }

  /**
   * Appends bytes; resolves once they are on the disk.
   *
   * @throws The system's error, such as `ENOSPC`; the file is as it was before then.
   */
  async append(bytes: Uint8Array): Promise<void> {
    if (this.#isTorn) await this.cut(this.#size)
    this.#isTorn = true
    try {
      for (let at = 0; at < bytes.length;) at += await writeSome(this.#descriptor, bytes, at)
      await syncing(this.#descriptor)
    } catch (error) {
      // Where this fails too, it is tried again before anything is appended.
      await this.cut(this.#size).catch(() => undefined)
      throw error
    }
    this.#isTorn = false
    this.#size += bytes.length
  }

  /** Puts other bytes in the place of all that it has, completely or not at all. @throws The system's error. */
  async replace(bytes: Uint8Array): Promise<void> {
    await writeWholeFile(this.#path, bytes, { isKept: true, mode: MODE })
    const before = this.#descriptor
    this.#descriptor = openOwnFile(this.#path, FLAGS, MODE)
    this.#size = bytes.length
    this.#isTorn = false
    await closing(before)
  }

  /** Closes it. */
  async close(): Promise<void> {
    await closing(this.#descriptor)
  }
}

function readAt(descriptor: number, bytes: Buffer, at: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, bytes, at, bytes.length - at, position, (error, count) =>
      error ? reject(error) : resolve(count),
    )
  })
}

function writeSome(descriptor: number, bytes: Uint8Array, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, at, bytes.length - at, null, (error, count) =>
      error ? reject(error) : resolve(count),
    )
  })
}
