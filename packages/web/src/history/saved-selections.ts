import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseTopic, StreamError } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import type { Exchange } from '../server/exchange.ts'
import { HttpRefusal } from '../server/http-refusal.ts'
import type { SavedSelection } from './past-messages.ts'
import { type Past, type Selection, SELECTION_FORMATS } from './past.ts'

/** Selections that are being written, or wait to be downloaded. */
const MOST_SAVED = 4
/** One that is not downloaded by then is deleted. */
const KEPT_MS = 60_000
const MOST_TOPICS = 64
/** Of one file: the temporary folder may be in memory, and is others' too. */
const MOST_BYTES = 2 * 2 ** 30
/** How often the size of what is being written is looked at. */
const LOOK_MS = 500
const TYPES = { mcap: 'application/octet-stream', mp4: 'video/mp4', csv: 'text/csv' }

interface SavedFile extends SavedSelection {
  readonly folder: string
  readonly path: string
  readonly type: string
  forgetting?: NodeJS.Timeout
  /** True once its download has begun: there is one. */
  isSent?: boolean
}

/**
 * Selections of the past that become files: written first, so that what fails is said on the page, then downloaded. The
 * file is in the temporary folder until it was downloaded, for a minute at most.
 */
export class SavedSelections {
  readonly #past: Past
  readonly #temporary: string
  readonly #mostBytes: number
  readonly #files = new Map<string, SavedFile>()
  readonly #writing = new Set<Promise<void>>()
  readonly #stop = new AbortController()

  /**
   * @param temporary - The folder in which files are until they are downloaded.
   * @param mostBytes - Of one of them.
   */
  constructor(past: Past, temporary = tmpdir(), mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes
    this.#past = past
    this.#temporary = temporary
  }

  /** Writes a selection. @throws {@link HttpRefusal} When it cannot be written; its message is for a person. */
  async save(query: URLSearchParams): Promise<SavedSelection> {
    const selection = readSelection(query, this.#past)
    const { save } = this.#past
    if (!save) throw new HttpRefusal(404, 'nothing is saved here')
    if (this.#writing.size + this.#files.size >= MOST_SAVED)
      throw new HttpRefusal(503, 'several selections are being saved already: wait a minute')
    if (this.#stop.signal.aborted) throw closing()
    const work = this.#write(selection, save)
    const settled = work.then(
      () => undefined,
      () => undefined,
    )
    this.#writing.add(settled)
    void settled.then(() => this.#writing.delete(settled))
    return work
  }

  async #write(selection: Selection, save: NonNullable<Past['save']>): Promise<SavedSelection> {
    const tooLarge = new AbortController()
    const signal = AbortSignal.any([this.#stop.signal, tooLarge.signal])
    let folder: string | undefined
    let looking: NodeJS.Timeout | undefined
    try {
      folder = await mkdtemp(join(this.#temporary, 'zcast-selection-'))
      const name = nameOf(selection)
      const path = join(folder, name)
      const look = async (): Promise<number> => {
        const { size } = await stat(path)
        if (size > this.#mostBytes) tooLarge.abort()
        return size
      }
      // It need not be there yet.
      looking = setInterval(() => void look().catch(() => undefined), LOOK_MS).unref()
      await save(selection, path, signal)
      const bytes = await look()
      // A page that closed meanwhile has nobody to download it.
      signal.throwIfAborted()
      const id = randomUUID()
      const file: SavedFile = { id, name, bytes, folder, path, type: TYPES[selection.format] }
      file.forgetting = setTimeout(() => void this.#forget(file), KEPT_MS).unref()
      this.#files.set(id, file)
      return { id, name, bytes }
    } catch (error) {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true })
      if (this.#stop.signal.aborted) throw closing()
      if (tooLarge.signal.aborted)
        throw new HttpRefusal(413, 'the selection is too large to be saved here: choose a shorter one')
      if (error instanceof StreamError) throw new HttpRefusal(409, error.message)
      throw new HttpRefusal(500, `the selection could not be saved: ${errorMessage(error)}`)
    } finally {
      clearInterval(looking)
    }
  }

  /** Sends a file that was written, and deletes it. @throws {@link HttpRefusal} When there is none of that name. */
  async send({ response, url, headOnly }: Exchange): Promise<void> {
    const file = this.#files.get(url.searchParams.get('id') ?? '')
    if (!file || file.isSent) throw new HttpRefusal(404, 'this selection is no longer here: save it again')
    response.writeHead(200, {
      'Content-Type': file.type,
      'Content-Length': file.bytes,
      'Content-Disposition': `attachment; filename="${file.name}"`,
      'Cache-Control': 'no-store',
    })
    if (headOnly) return void response.end()
    clearTimeout(file.forgetting)
    // It counts until it is deleted.
    file.isSent = true
    // A reader that leaves has what it wanted, or asks for it anew.
    await pipeline(createReadStream(file.path), response).catch(() => undefined)
    await this.#forget(file)
  }

  /** Deletes all of them, and gives up what is being written. */
  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#writing)
    await Promise.all([...this.#files.values()].map((file) => this.#forget(file)))
  }

  async #forget(file: SavedFile): Promise<void> {
    clearTimeout(file.forgetting)
    this.#files.delete(file.id)
    await rm(file.folder, { recursive: true, force: true })
  }
}

function closing(): HttpRefusal {
  return new HttpRefusal(503, 'the page closes: nothing is saved any more')
}

function readSelection(query: URLSearchParams, { formats = [] }: Past): Selection {
  const format = SELECTION_FORMATS.find((one) => one === query.get('format') && formats.includes(one))
  const topics = query.getAll('topic')
  const [from, to] = [Number(query.get('from') ?? Number.NaN), Number(query.get('to') ?? Number.NaN)]
  if (!format || !(from >= 0 && to >= from && to < 1e11))
    throw new HttpRefusal(400, 'there is no such selection')
  if (topics.length > MOST_TOPICS || topics.some((topic) => !parseTopic(topic)))
    throw new HttpRefusal(400, 'topic must be KIND/STREAM, such as video/main')
  if (format !== 'mcap' && topics.length !== 1) throw new HttpRefusal(400, `${format} holds one topic`)
  return { format, topics, from, to }
}

/** `video-main-2026-08-04T15-47-01Z.mp4`. */
function nameOf({ format, topics: [topic, ...others], from }: Selection): string {
  const what = topic === undefined || others.length > 0 ? 'zcast' : topic.replace('/', '-')
  return `${what}-${new Date(from * 1000).toISOString().slice(0, 19).replaceAll(':', '-')}Z.${format}`
}
