import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** An upload that has begun. */
export interface Upload {
  /** Known to whoever began it alone: who knows it may go on with it. */
  readonly id: string
  /** As the browser said it, not to be believed. */
  readonly name: string
  /** The size that it will have. */
  readonly bytes: number
  /** The name of the guest. */
  readonly by: string
  /** The guest's id; `undefined` since the room was started anew. */
  owner?: string | undefined
}

/** The folder, within that of the uploads, of those that are not complete. */
export const AREA_NAME = '.zcast-uploads'
const OWN_FILE = /^([0-9a-f]{32})\.(part|json)$/
/** What is known of an upload: a name of 4096 characters, and little else. */
const MAX_NOTE_BYTES = 32_768

/**
 * Keeps unfinished uploads in files, so that they survive the end of the room, however it comes. Each is `ID.part`, whose
 * size is what has arrived, and `ID.json`. It removes its own files alone.
 */
export class UploadArea {
  readonly #folder: string
  readonly #uploads = new Map<string, Upload>()

  /** @param folder - That of the uploads. */
  constructor(folder: string) {
    this.#folder = join(folder, AREA_NAME)
  }

  /** The unfinished uploads. */
  get all(): readonly Upload[] {
    return [...this.#uploads.values()]
  }

  /** Makes the folder, and reads what an earlier room left in it. @throws The system's error when it cannot. */
  async open(): Promise<void> {
    await mkdir(dirname(this.#folder), { recursive: true })
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    for (const name of await readdir(this.#folder)) {
      const [, id, kind] = OWN_FILE.exec(name) ?? []
      if (id === undefined || this.#uploads.has(id)) continue
      const upload = kind === 'json' ? await this.#read(id) : undefined
      if (upload) this.#uploads.set(id, upload)
    }
  }

  /** An unfinished upload by its id. */
  find(id: string): Upload | undefined {
    return this.#uploads.get(id)
  }

  /** The file with what has arrived. */
  path({ id }: Pick<Upload, 'id'>): string {
    return join(this.#folder, `${id}.part`)
  }

  /** The bytes that have arrived. */
  async offset(upload: Upload): Promise<number> {
    return (await stat(this.path(upload))).size
  }

  /** Begins an upload. @throws The system's error when it cannot. */
  async create(about: Omit<Upload, 'id'>): Promise<Upload> {
    const upload = { ...about, id: randomBytes(16).toString('hex') }
    this.#uploads.set(upload.id, upload)
    try {
      await writeFile(this.path(upload), '', { flag: 'wx', mode: 0o644 })
      const { owner: _, ...note } = upload
      await writeFile(this.#note(upload.id), JSON.stringify(note), { flag: 'wx' })
      return upload
    } catch (error) {
      await this.remove(upload)
      throw error
    }
  }

  /** Forgets an upload, and removes what is left of it here. */
  async remove({ id }: Pick<Upload, 'id'>): Promise<void> {
    this.#uploads.delete(id)
    await rm(this.#note(id), { force: true })
    await rm(this.path({ id }), { force: true })
  }

  /** Removes what has not grown for this long, and what belongs to no upload. */
  async expire(milliseconds: number, isRunning: (upload: Upload) => boolean): Promise<void> {
    const before = Date.now() - milliseconds
    for (const name of await readdir(this.#folder)) {
      const id = OWN_FILE.exec(name)?.[1]
      if (id === undefined) continue
      const upload = this.#uploads.get(id)
      if (upload && isRunning(upload)) continue
      const touched = await stat(upload ? this.path(upload) : join(this.#folder, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      )
      if (touched < before) await this.remove({ id })
    }
  }

  #note(id: string): string {
    return join(this.#folder, `${id}.json`)
  }

  async #read(id: string): Promise<Upload | undefined> {
    try {
      if ((await stat(this.#note(id))).size > MAX_NOTE_BYTES) return undefined
      const { name, bytes, by } = JSON.parse(await readFile(this.#note(id), 'utf8')) as Record<
        string,
        unknown
      >
      const isWhole = typeof name === 'string' && typeof by === 'string' && Number.isSafeInteger(bytes)
      return isWhole && (await stat(this.path({ id }))).isFile()
        ? { id, name, bytes: Number(bytes), by }
        : undefined
    } catch {
      return undefined
    }
  }
}
