import { randomBytes } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { CLIP_HEADER_BYTES, encodeClipHeader, encodeClipIndex, MAX_CLIP_PICTURES } from './clip-format.ts'

/** Options of {@link ClipWriter.create}. */
export interface ClipWriterOptions {
  /** The path of the file once it is complete. */
  readonly path: string
  /** A larger clip is given up. */
  readonly limitBytes: number
  /** Called before the file grows beyond the space made for it, with the size needed, to delete other files. */
  readonly makeRoom: (bytes: number, ownPath: string) => Promise<void>
  /** Called once with the reason when a file could not be written. */
  readonly onFailure: (error: unknown) => void
}

// Searching the folder for each picture would cost more than writing it.
const ROOM_STEPS = 32

/** The ending of files that are being written. */
export const UNFINISHED = '.tmp'

/**
 * Writes the encoded pictures of a clip to a file, which gets its name only when it is complete. A failure gives up the
 * file, never the stream.
 */
export class ClipWriter {
  readonly #options: ClipWriterOptions
  readonly #path: string
  readonly #lengths: number[] = []
  readonly #checksums: number[] = []
  readonly #times: number[] = []
  #file: FileHandle | undefined
  #position = CLIP_HEADER_BYTES
  #room = 0

  private constructor(options: ClipWriterOptions, path: string, file: FileHandle) {
    this.#options = options
    this.#path = path
    this.#file = file
  }

  /** Starts a file. @returns `undefined` when that fails. */
  static async create(options: ClipWriterOptions): Promise<ClipWriter | undefined> {
    const path = `${options.path}.${process.pid}-${randomBytes(4).toString('hex')}${UNFINISHED}`
    try {
      return new ClipWriter(options, path, await open(path, 'wx', 0o600))
    } catch (error) {
      options.onFailure(error)
      return undefined
    }
  }

  /** The number of pictures it holds. */
  get pictures(): number {
    return this.#lengths.length
  }

  /**
   * Adds the next picture.
   *
   * @param at - Its time, in seconds from the first one.
   * @returns True when the file continues; false when it has been removed.
   */
  async add(picture: Uint8Array, at: number): Promise<boolean> {
    if (!this.#file) return false
    const end = this.#position + picture.length
    if (end > this.#options.limitBytes || this.pictures === MAX_CLIP_PICTURES) {
      await this.abandon()
      return false
    }
    return this.#attempt(async () => {
      if (end > this.#room) {
        const { limitBytes, makeRoom } = this.#options
        this.#room = Math.min(end + Math.ceil(limitBytes / ROOM_STEPS), limitBytes)
        await makeRoom(this.#room, this.#path)
      }
      await this.#write(picture, this.#position)
      this.#position = end
      this.#lengths.push(picture.length)
      this.#checksums.push(crc32(picture))
      this.#times.push(at)
    })
  }

  /** Gives the file its name. @returns True when it exists now. */
  async commit(): Promise<boolean> {
    if (!this.#file || this.pictures === 0) {
      await this.abandon()
      return false
    }
    return this.#attempt(async () => {
      const index = encodeClipIndex(this.#lengths, this.#checksums, this.#times)
      await this.#write(index, this.#position)
      const header = { pictures: this.pictures, indexOffset: this.#position, indexChecksum: crc32(index) }
      await this.#write(encodeClipHeader(header), 0)
      await this.#file?.close()
      this.#file = undefined
      await rename(this.#path, this.#options.path)
    })
  }

  /** Removes the file. May be called at any time, even after {@link commit}, which it does not undo. */
  async abandon(): Promise<void> {
    const file = this.#file
    if (!file) return
    this.#file = undefined
    await file.close().catch(() => undefined)
    await rm(this.#path, { force: true }).catch(() => undefined)
  }

  async #attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      this.#options.onFailure(error)
      await this.abandon()
      await rm(this.#path, { force: true }).catch(() => undefined)
      return false
    }
  }

  async #write(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const rest = bytes.length - done
      const written = await this.#file?.write(bytes, done, rest, position + done)
      if (!written) throw new Error('the file was closed meanwhile')
      done += written.bytesWritten
    }
  }
}
