import { type Log, SourceError, Ticker } from '@zcast/shared'
import { READ_FORMATS, type CapturedPicture } from '@zcast/media'
import { FolderWatch } from './folder-watch.ts'
import type { LiveInput } from './live-input.ts'
import { PassedOver } from './passed-over.ts'
import { countKinds, listPictures, type PictureFiles } from './picture-files.ts'
import { PictureReader, type FileReading } from './picture-reader.ts'
import { ShownFiles } from './shown-files.ts'

/** Options of a {@link FolderInput}. */
export interface FolderOptions {
  /** Pictures per second. Default 25, and 1 for a single picture. */
  readonly fps?: number | undefined
  /** Starts again after the last picture. Default true; not with `watch`. */
  readonly loop?: boolean | undefined
  /** Shows the last existing picture, and then each new one as it comes. Default false. */
  readonly watch?: boolean | undefined
  /** Pixels; the height follows. Default: each picture's own. */
  readonly width?: number | undefined
  /** 1 to 100. Default: JPEG pictures are passed on unchanged, others are encoded at 80. */
  readonly quality?: number | undefined
  /** Receives reports of files that are not shown, each once. Default: no reports. */
  readonly log?: Log | undefined
  /** With `watch`: the time after which an incomplete file is reported, in milliseconds. Default 5000. */
  readonly patienceMs?: number | undefined
}

const DEFAULT_RATE = 25
const SINGLE_RATE = 1
const DEFAULT_PATIENCE_MS = 5000

/**
 * The pictures of a folder, in natural order of their names: JPEG byte for byte, other formats and unusual JPEG encoded
 * once.
 */
export class FolderInput implements LiveInput {
  readonly name: string
  readonly #files: PictureFiles
  readonly #options: FolderOptions
  readonly #reader: PictureReader
  readonly #passedOver: PassedOver

  constructor(name: string, files: PictureFiles, options: FolderOptions = {}) {
    const { width, quality, log } = options
    this.name = name
    this.#files = files
    this.#options = options
    this.#reader = new PictureReader({ width, quality })
    this.#passedOver = new PassedOver(name, log)
  }

  /** @throws {@link SourceError} when there is no picture that can be shown, unless it watches for new ones. */
  async check(): Promise<void> {
    if (this.#options.watch) return
    const { paths, names } = await listPictures(this.#files)
    for (const path of paths) {
      const reading = await this.#reader.read(path)
      if (reading && 'picture' in reading) return
      if (reading && this.#files.isSingle) throw unreadable(`cannot show "${path}": ${reading.refusal}`)
      if (reading) this.#passedOver.tell(path, reading)
    }
    throw this.#noPictures(names)
  }

  async *open(signal: AbortSignal): AsyncGenerator<CapturedPicture> {
    const ticker = new Ticker(this.#options.fps ?? (this.#files.isSingle ? SINGLE_RATE : DEFAULT_RATE))
    for await (const picture of this.#options.watch ? this.#watch(signal) : this.#play()) {
      if ((await ticker.next(signal)) === undefined) return
      yield picture
    }
  }

  /** Reads the folder again for each pass. */
  async *#play(): AsyncGenerator<CapturedPicture> {
    do {
      const { paths, others, names } = await listPictures(this.#files)
      this.#passedOver.others(others)
      let good = 0
      for (const path of paths) {
        const reading = await this.#reader.read(path)
        // The file was deleted in between, which is not reported.
        if (!reading) continue
        this.#passedOver.tell(path, reading)
        if (!('picture' in reading)) continue
        good++
        yield reading.picture
      }
      if (good === 0) throw this.#noPictures(names)
    } while (this.#options.loop ?? true)
  }

  async *#watch(signal: AbortSignal): AsyncGenerator<CapturedPicture> {
    if (signal.aborted) return
    const { patienceMs = DEFAULT_PATIENCE_MS } = this.#options
    // The watch begins before the folder is read: a file that comes in between is seen twice rather than never.
    const watch = new FolderWatch(this.#files, (name) => this.#passedOver.others([name]))
    const shown = new ShownFiles()
    try {
      const { paths, others } = await listPictures(this.#files)
      this.#passedOver.others(others)
      for (const path of paths.toReversed()) {
        const reading = await this.#reader.read(path)
        if (reading && isWhole(reading) && reading.hasEnd) {
          shown.add(path, reading)
          yield reading.picture
          break
        }
        if (reading) watch.retry(path, patienceMs)
      }
      for await (const { path, isRetry } of watch.changes(signal)) {
        const reading = await this.#reader.read(path)
        // The file was deleted, or the system reported it twice.
        if (!reading || shown.has(path, reading)) continue
        if (isWhole(reading) && (reading.hasEnd || isRetry)) {
          shown.add(path, reading)
          yield reading.picture
        } else if (isRetry) this.#passedOver.refuse(path, reading)
        // The file may still be being written.
        else watch.retry(path, patienceMs)
      }
    } finally {
      watch.close()
    }
  }

  #noPictures(names: readonly string[]): SourceError {
    const reason =
      names.length === 0
        ? 'give the name of a video file or a folder of pictures, or wait for some with --watch'
        : `it holds ${countKinds(names)}; ${READ_FORMATS}, and a video file is given by its own name`
    return unreadable(`there are no pictures in "${this.name}": ${reason}`)
  }
}

function unreadable(message: string): SourceError {
  return new SourceError('ERR_SOURCE_UNREADABLE', message)
}

type WholePicture = Extract<FileReading, { picture: unknown }>

function isWhole(reading: FileReading): reading is WholePicture {
  return 'picture' in reading && !reading.isCutShort
}
