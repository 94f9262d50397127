import { readFile, stat } from 'node:fs/promises'
import { errorMessage, SourceError, Ticker, type Log } from '@zcast/shared'
import { decodePicture, type CapturedPicture } from '@zcast/shared/media'
import type { LiveInput } from './live-input.ts'
import { listPictures, type PictureFiles } from './picture-files.ts'
import { watchFolder } from './watch-folder.ts'

/** Options of a {@link FolderInput}. */
export interface FolderOptions {
  /** Pictures a second. Default 25. */
  readonly fps?: number | undefined
  /** Begin again after the last picture. Default true; not with `watch`. */
  readonly loop?: boolean | undefined
  /** Show the last picture there is, and then each new one as it comes. Default false. */
  readonly watch?: boolean | undefined
  /** Pixels; for pictures that are not JPEG. */
  readonly width?: number | undefined
  /** Where broken pictures are reported. Default: nowhere. */
  readonly log?: Log | undefined
}

const DEFAULT_RATE = 25
const MAX_FILE_BYTES = 64 * 1024 * 1024

/** Pictures of a folder, in their names' natural order: JPEG byte for byte, other formats decoded. */
export class FolderInput implements LiveInput {
  readonly name: string
  readonly #files: PictureFiles
  readonly #options: FolderOptions
  #badFiles = 0

  constructor(name: string, files: PictureFiles, options: FolderOptions = {}) {
    this.name = name
    this.#files = files
    this.#options = options
  }

  /** Files passed over because they could not be read as a picture. */
  get badFiles(): number {
    return this.#badFiles
  }

  async *open(signal: AbortSignal): AsyncGenerator<CapturedPicture> {
    const ticker = new Ticker(this.#options.fps ?? DEFAULT_RATE)
    for await (const path of this.#options.watch ? this.#watch(signal) : this.#play()) {
      const picture = await this.#read(path)
      if (!picture) continue
      if ((await ticker.next(signal)) === undefined) return
      yield picture
    }
  }

  /** Looks into the folder anew for each pass. */
  async *#play(): AsyncGenerator<string> {
    do {
      const paths = await listPictures(this.#files)
      const bad = this.#badFiles
      yield* paths
      if (this.#badFiles - bad === paths.length) {
        throw new SourceError('ERR_SOURCE_FAILED', `there are no pictures in "${this.name}": put some there`)
      }
    } while (this.#options.loop ?? true)
  }

  async *#watch(signal: AbortSignal): AsyncGenerator<string> {
    const coming = watchFolder(this.#files, signal)
    // The watch begins before the folder is read: what comes in between is shown twice rather than never.
    let next = coming.next()
    try {
      const last = (await listPictures(this.#files)).at(-1)
      if (last !== undefined) yield last
      for (let result = await next; !result.done; result = await next) {
        yield result.value
        next = coming.next()
      }
    } finally {
      next.catch(() => undefined)
      await coming.return(undefined)
    }
  }

  async #read(path: string): Promise<CapturedPicture | undefined> {
    try {
      const { size } = await stat(path)
      if (size > MAX_FILE_BYTES) throw new SourceError('ERR_SOURCE_UNREADABLE', 'it exceeds 64 MiB')
      const bytes = await readFile(path)
      if (bytes[0] === 0xff && bytes[1] === 0xd8) return { jpeg: bytes }
      return await decodePicture(bytes, this.#options.width)
    } catch (error) {
      this.#badFiles++
      const reason = errorMessage(error)
      this.#options.log?.warning(`passed over "${path}": ${reason}`)
      return undefined
    }
  }
}
