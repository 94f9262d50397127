import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { describeSystemError, systemErrorCode } from '@zcast/shared/internal'
import { FORMAT_BYTES, type JpegWishes } from '@zcast/media'
import { KeptPictures } from './kept-pictures.ts'
import { readPicture, refuseFormat, type PictureReading } from './read-picture.ts'

const MAX_FILE_BYTES = 64 * 1024 * 1024
const SETTLED_MS = 2000

/** The result of reading a file, and the state of the file. */
export type FileReading = PictureReading & {
  /** Changes whenever the file does. */
  readonly identity: string
}

/** Reads picture files; each state of a file is converted only once. */
export class PictureReader {
  readonly #wishes: JpegWishes
  readonly #kept = new KeptPictures()

  constructor(wishes: JpegWishes) {
    this.#wishes = wishes
  }

  /** @returns `undefined` when there is no such file (any more). */
  async read(path: string): Promise<FileReading | undefined> {
    try {
      // Opening a named pipe would block: it is opened without waiting, and then recognised by its type.
      const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
      try {
        return await this.#readOpen(path, file)
      } finally {
        await file.close()
      }
    } catch (error) {
      const code = systemErrorCode(error)
      // A name that is not UTF-8 is listed with replacement characters, and cannot be opened.
      if (code === 'ENOENT' && !path.includes('\ufffd')) return undefined
      const reason = code === 'ENOENT' ? 'its name is not UTF-8' : describeSystemError(error)
      return { refusal: `it cannot be opened: ${reason}`, identity: code ?? '' }
    }
  }

  async #readOpen(path: string, file: FileHandle): Promise<FileReading> {
    const stats = await file.stat()
    const { dev, ino, size, mtimeMs } = stats
    const identity = [dev, ino, size, mtimeMs].join(' ')
    if (!stats.isFile()) return { refusal: 'it is not a file', identity }
    if (size > MAX_FILE_BYTES) return { refusal: 'it exceeds 64 MiB', identity }
    const kept = this.#kept.get(path, identity)
    if (kept) return { ...kept, identity }
    const head = await readUpTo(file, Math.min(size, FORMAT_BYTES))
    const refusal = refuseFormat(head)
    if (refusal !== undefined) return { refusal, identity }
    const bytes = await readUpTo(file, size)
    const reading = await readPicture(bytes, this.#wishes)
    const isAsItWas =
      'picture' in reading && !reading.isCutShort && reading.picture.jpeg.buffer === bytes.buffer
    // A file written just now may be written again without looking different: file systems count time in ticks.
    if (!isAsItWas && Date.now() - mtimeMs > SETTLED_MS) this.#kept.set(path, identity, reading)
    return { ...reading, identity }
  }
}

/** Reads the start of a file up to this size: it may grow while it is read. */
async function readUpTo(file: FileHandle, size: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(size)
  let length = 0
  for (let read = 1; read > 0 && length < size; length += read)
    read = (await file.read(buffer, length, size - length, length)).bytesRead
  return buffer.subarray(0, length)
}
