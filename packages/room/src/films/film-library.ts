import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Log, SourceError } from '@zcast/shared'
import { errorMessage, pause, systemErrorCode } from '@zcast/shared/internal'
import type { Film } from '../messages/room-messages.ts'
import { findFiles, type FoundFile } from './find-files.ts'
import { type FilmLook, isCompanion, lookAtFilm } from './look-at-film.ts'

/** A folder of films. */
export interface FilmFolder {
  /** Its name within the room, a part of its films' ids: `films`, `uploads`. */
  readonly root: string
  readonly path: string
  /** Whether it must be there. Default: it may come later. */
  readonly mustExist?: boolean
}

interface KnownFile {
  readonly file: FoundFile
  readonly folder: FilmFolder
  readonly look: FilmLook
}

/** Films that are listed; a page shows no more. */
const MAX_FILMS = 500
/** How often the folders are looked at. */
const LOOK_MS = 3000
/** A file that was changed more recently is still being written. */
const SETTLED_MS = 1000

/** The films of the room's folders, looked at one after another, and watched for changes. */
export class FilmLibrary {
  readonly #folders: readonly FilmFolder[]
  readonly #log: Log
  readonly #onChange: () => void
  readonly #closing = new AbortController()
  /** What was looked at, by its path. */
  #known = new Map<string, KnownFile>()
  /** What was said, so that it is said once. */
  readonly #said = new Set<string>()
  #wake: () => void = () => undefined
  #watching: Promise<void> | undefined
  #films: readonly Film[] = []

  /** @param onChange - Called when the list has changed. */
  constructor(folders: readonly FilmFolder[], log: Log, onChange: () => void) {
    this.#folders = folders
    this.#log = log
    this.#onChange = onChange
  }

  /** Starts to watch the folders. */
  open(): void {
    this.#watching ??= this.#watch()
  }

  /** The films, in the order of the folders and their names. */
  get films(): readonly Film[] {
    return this.#films
  }

  /** A film by its id, and where its file is. */
  find(id: unknown): { readonly film: Film; readonly path: string; readonly state: string } | undefined {
    for (const { file, look } of this.#known.values()) {
      if ('film' in look && look.film.id === id)
        return { film: look.film, path: file.path, state: file.state }
    }
    return undefined
  }

  /** Checks that a film's file still lies in its folder. @throws {@link SourceError} when it does not. */
  async check(path: string): Promise<void> {
    const known = this.#known.get(path)
    const real = await realpath(path).catch(() => undefined)
    // A folder may itself be reached by a link; nothing below it may.
    const folder = known && (await realpath(known.folder.path).catch(() => undefined))
    if (real !== undefined && folder !== undefined && real === resolve(folder, known?.file.within ?? ''))
      return
    throw new SourceError('ERR_SOURCE_MISSING', `"${path}" is no longer in the folder: choose another film`)
  }

  /** Looks at the folders now, such as after an upload. */
  refresh(): void {
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
    const known = new Map<string, KnownFile>()
    for (const folder of this.#folders) {
      for (const file of await this.#filesOf(folder)) {
        const before = this.#known.get(file.path)
        if (before?.file.state === file.state) known.set(file.path, before)
        else if (isFresh(file)) continue
        else if (known.size < MAX_FILMS) {
          const look = await lookAtFilm(file, folder.root, signal)
          if (signal.aborted) return
          if ('refusal' in look)
            this.#say(`${file.path} ${file.state}`, `left out of the films: ${look.refusal}`)
          known.set(file.path, { file, folder, look })
          this.#tell(new Map([...this.#known, ...known]))
        } else this.#say('many', `only ${MAX_FILMS} films are listed: move some to another folder`)
      }
    }
    this.#tell(known)
  }

  async #filesOf({ root, path, mustExist }: FilmFolder): Promise<readonly FoundFile[]> {
    try {
      const { files, others, isCut } = await findFiles(path)
      for (const other of others)
        this.#say(`${root} ${other}`, `left out of the films: "${other}" is a link, or no file`)
      if (isCut) this.#say(`${root} cut`, `there is too much in "${path}": some of it is not looked at`)
      return files.filter(({ within }) => !isCompanion(within))
    } catch (error) {
      if (mustExist || systemErrorCode(error) !== 'ENOENT')
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

  #tell(known: Map<string, KnownFile>): void {
    this.#known = known
    const films = [...known.values()].flatMap(({ look }) => ('film' in look ? [look.film] : []))
    if (films.length === this.#films.length && films.every((film, index) => film === this.#films[index]))
      return
    this.#films = films
    this.#onChange()
  }
}

const MAX_SAID = 10_000

/** Still being written, perhaps. Of a file from the future nobody knows. */
function isFresh({ changedMs }: FoundFile): boolean {
  const ageMs = Date.now() - changedMs
  return ageMs >= 0 && ageMs < SETTLED_MS
}
