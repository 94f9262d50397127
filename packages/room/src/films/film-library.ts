import type { VideoInfo } from '@zcast/media'
import type { Log } from '@zcast/shared'
import { errorMessage, pause, systemErrorCode } from '@zcast/shared/internal'
import type { Film } from '../messages/room-messages.ts'
import { findFiles, type FoundFile } from './find-files.ts'
import { type FilmLook, isCompanion, lookAtFilm } from './look-at-film.ts'

/** Where uploads lie, below the room's own folder. */
export const UPLOADS_FOLDER = 'uploads'

/** A folder of films. */
export interface FilmFolder {
  /** Its name within the room, a part of its films' ids: `films`, `uploads`. */
  readonly root: string
  /** It may come later. */
  readonly path: string
}

interface FolderFile {
  readonly file: FoundFile
  readonly folder: FilmFolder
}

interface KnownFile extends FolderFile {
  readonly look: FilmLook
}

/** Options of {@link FilmLibrary}. */
export interface FilmLibraryOptions {
  readonly log: Log
  /** The name of who uploaded a file. */
  readonly uploaderOf: (within: string) => string | undefined
  /** Called when the list has changed. */
  readonly onChange: () => void
}

/** A film of the list. */
export interface ListedFilm {
  readonly film: Film
  readonly info: VideoInfo
  readonly file: FoundFile
  readonly folder: FilmFolder
}

/** Files that are looked at; a page shows no more. */
const MAX_FILMS = 500
/** How often the folders are looked at. */
const LOOK_MS = 3000
/** Sentences that are remembered as said. */
const MAX_SAID = 10_000
/** A file that was changed more recently is still being written. */
const SETTLED_MS = 1000

/** The films of the room's folders, looked at one after another, and watched for changes. */
export class FilmLibrary {
  readonly #folders: readonly FilmFolder[]
  readonly #options: FilmLibraryOptions
  readonly #log: Log
  readonly #closing = new AbortController()
  /** What was looked at, by its path. */
  #known = new Map<string, KnownFile>()
  /** Files that nobody writes to any more, however new they are, until they were looked at. */
  readonly #whole = new Set<string>()
  /** What was said, so that it is said once. */
  readonly #said = new Set<string>()
  #wake: () => void = () => undefined
  #watching: Promise<void> | undefined
  #films: readonly Film[] = []

  constructor(folders: readonly FilmFolder[], options: FilmLibraryOptions) {
    this.#folders = folders
    this.#options = options
    this.#log = options.log
  }

  /** Starts to watch the folders. */
  open(): void {
    this.#watching ??= this.#watch()
  }

  /** The films, in the order of the folders and their names. */
  get films(): readonly Film[] {
    return this.#films
  }

  /** A film by its id, and what is known of its file. */
  find(id: unknown): ListedFilm | undefined {
    for (const { file, folder, look } of this.#known.values()) {
      if ('film' in look && look.film.id === id) return { ...look, file, folder }
    }
    return undefined
  }

  /** Looks at the folders now, and at one file again, which is whole and of which more is known. */
  refresh(path: string): void {
    this.#known.delete(path)
    this.#whole.add(path)
    this.#wake()
  }

  /** Ends the watching. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#wake()
    await this.#watching
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      const woken = new Promise<void>((done) => (this.#wake = done))
      try {
        await this.#look(signal)
      } catch (error) {
        if (!signal.aborted)
          this.#log.warning(`the films cannot be looked at: ${errorMessage(error)}`, error, 'films')
      }
      const rest = new AbortController()
      void woken.then(() => rest.abort())
      await pause(LOOK_MS, rest.signal)
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const found = await Promise.all(this.#folders.map((folder) => this.#filesOf(folder)))
    const all = found.flat()
    if (all.length > MAX_FILMS)
      this.#say('many', `only ${MAX_FILMS} files are looked at for films: move some to another folder`)
    const files = all.slice(0, MAX_FILMS)
    const known = new Map<string, KnownFile>()
    for (const { file } of files) {
      const before = this.#known.get(file.path)
      if (before?.file.state === file.state) known.set(file.path, before)
    }
    this.#known = known
    this.#list(files)
    for (const { file, folder } of files) {
      if (known.has(file.path) || (isFresh(file) && !this.#whole.has(file.path))) continue
      this.#whole.delete(file.path)
      const by = folder.root === UPLOADS_FOLDER ? this.#options.uploaderOf(file.within) : undefined
      const look = await lookAtFilm(file, { root: folder.root, by, signal })
      if (signal.aborted) return
      if ('refusal' in look) this.#say(`${file.path} ${file.state}`, `left out of the films: ${look.refusal}`)
      known.set(file.path, { file, folder, look })
      this.#list(files)
    }
  }

  async #filesOf(folder: FilmFolder): Promise<readonly FolderFile[]> {
    const { root, path } = folder
    try {
      const { files, others, isCut } = await findFiles(path)
      for (const other of others)
        this.#say(`${root} ${other}`, `left out of the films: "${other}" is a link, or no file`)
      if (isCut) this.#say(`${root} cut`, `there is too much in "${path}": some of it is not looked at`)
      return files.filter(({ within }) => !isCompanion(within)).map((file) => ({ file, folder }))
    } catch (error) {
      const wasThere = [...this.#known.values()].some((known) => known.folder === folder)
      if (wasThere || systemErrorCode(error) !== 'ENOENT')
        this.#say(
          `${root} ${systemErrorCode(error)}`,
          `the films in "${path}" cannot be read: ${errorMessage(error)}`,
        )
      return []
    }
  }

  /** Each thing once. */
  #say(key: string, sentence: string): void {
    if (this.#said.has(key)) return
    if (this.#said.size > MAX_SAID) this.#said.clear()
    this.#said.add(key)
    this.#log.warning(sentence, undefined, 'left out of the films')
  }

  /** Lists what is known of these files, in their order. */
  #list(files: readonly FolderFile[]): void {
    const films = files.flatMap(({ file }) => {
      const look = this.#known.get(file.path)?.look
      return look && 'film' in look ? [look.film] : []
    })
    if (films.length === this.#films.length && films.every((film, index) => film === this.#films[index]))
      return
    this.#films = films
    this.#options.onChange()
  }
}

/** Still being written, perhaps. Of a file from the future nobody knows. */
function isFresh({ changedMs }: FoundFile): boolean {
  const ageMs = Date.now() - changedMs
  return ageMs >= 0 && ageMs < SETTLED_MS
}
