import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type Log, SourceError } from '@zcast/shared'
import { writeWholeFile } from '@zcast/shared/internal'
import { resizeJpeg } from '@zcast/media'
import { VideoFileSource } from '@zcast/publisher/video'
import { type Exchange, HttpRefusal, sendBytes } from '@zcast/web/internal'
import { checkSameFile } from './check-same-file.ts'
import type { FilmLibrary, ListedFilm } from './film-library.ts'
import { withoutPath } from '../without-path.ts'

/** Pixels. */
const WIDTH = 480
/** The part of a film before its poster: beginnings are often black. */
const SHARE = 0.1
/** Posters that are kept; further ones take the places of any others. */
const MAX_KEPT = 1000
/** Requests that wait for a poster; further ones are refused, and come again. */
const MAX_WAITING = 64
/** A poster of which nothing came by then is given up, in milliseconds. */
const LONGEST_MS = 20_000

/** A picture of each film, as a JPEG 480 pixels wide, made by ffmpeg when it is first asked for, and kept. */
export class Posters {
  readonly #folder: string
  readonly #library: Pick<FilmLibrary, 'find'>
  readonly #log: Log
  readonly #closing = new AbortController()
  readonly #making = new Map<string, Promise<Uint8Array>>()
  /** Why there is none; until the file changes. */
  readonly #failed = new Map<string, string>()
  #waiting = 0
  /** One at a time. */
  #queue: Promise<unknown> = Promise.resolve()

  /** @param folder - Where they are kept. */
  constructor(folder: string, library: Pick<FilmLibrary, 'find'>, log: Log) {
    this.#folder = folder
    this.#library = library
    this.#log = log
  }

  /** Answers a request for `/poster/ID`. */
  async answer(exchange: Exchange): Promise<void> {
    const id = exchange.url.pathname.slice('/poster/'.length)
    const found = this.#library.find(id)
    if (!found) throw new HttpRefusal(404, 'there is no such film')
    const key = createHash('sha256').update(`${id}\n${found.file.state}`).digest('base64url')
    const etag = `"${key.slice(0, 22)}"`
    const headers = { 'Cache-Control': 'private, no-cache', ETag: etag }
    if (exchange.request.headers['if-none-match'] === etag) {
      exchange.response.writeHead(304, headers).end()
      return
    }
    sendBytes(exchange, 'image/jpeg', await this.#get(`${key}.jpg`, found), headers)
  }

  /** Waits until nothing is made any more. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#queue
  }

  async #get(file: string, film: ListedFilm): Promise<Uint8Array> {
    const failure = this.#failed.get(file)
    if (failure !== undefined) throw new HttpRefusal(404, failure)
    const kept = await readFile(join(this.#folder, file)).catch(() => undefined)
    if (kept) return kept
    const running = this.#making.get(file)
    if (running) return running
    if (this.#waiting >= MAX_WAITING) throw new HttpRefusal(503, 'too many posters are asked for at once')
    this.#waiting += 1
    const making = this.#queue.then(() => this.#make(file, film))
    this.#making.set(file, making)
    this.#queue = making
      .catch(() => undefined)
      .then(() => {
        this.#waiting -= 1
        this.#making.delete(file)
      })
    return making
  }

  async #make(file: string, listed: ListedFilm): Promise<Uint8Array> {
    const { film, info } = listed
    const { path } = listed.file
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(LONGEST_MS)])
    try {
      await checkSameFile(listed)
      const source = await VideoFileSource.open(path, { loop: false, info, signal })
      for await (const { data } of source.pictures({ from: film.seconds * SHARE, signal })) {
        const poster = await resizeJpeg(data, { width: Math.min(WIDTH, film.width) })
        await this.#keep(file, poster)
        return poster
      }
      throw new SourceError('ERR_SOURCE_FAILED', `"${film.name}" has no picture in time`)
    } catch (error) {
      if (this.#closing.signal.aborted) throw new HttpRefusal(503, 'the room is closed')
      const reason = error instanceof Error ? error.message : String(error)
      const sentence = `there is no poster of "${film.name}": ${withoutPath(reason, path, film.name)}`
      if (this.#failed.size >= MAX_KEPT) this.#failed.clear()
      this.#failed.set(file, sentence)
      this.#log.warning(sentence, error, 'poster')
      throw new HttpRefusal(404, sentence)
    }
  }

  /** What cannot be kept is made again next time. */
  async #keep(file: string, poster: Uint8Array): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true })
      const kept = (await readdir(this.#folder)).filter((name) => name.endsWith('.jpg'))
      for (const old of kept.slice(0, Math.max(0, kept.length - MAX_KEPT + 1)))
        await rm(join(this.#folder, old), { force: true })
      await writeWholeFile(join(this.#folder, file), poster)
    } catch (error) {
      this.#log.warning('posters cannot be kept, and are made again each time', error, 'posters')
    }
  }
}
