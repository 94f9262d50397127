import { join } from 'node:path'
import { ClipCache } from '@zcast/publisher/video'
import { errorMessage } from '@zcast/shared/internal'
import type { Film } from '../messages/room-messages.ts'
import type { RoomContext, RoomPart } from '../room-part.ts'
import type { Reel } from '../screen/reel.ts'
import type { ReelShelf } from '../screen/screen-part.ts'
import { type FilmFolder, FilmLibrary } from './film-library.ts'
import { openReel } from './film-reel.ts'
import { filmId } from './look-at-film.ts'
import { Posters } from './posters.ts'
import { Uploaders } from './uploaders.ts'

/** Where uploads lie, below the room's own folder. */
export const UPLOADS_FOLDER = 'uploads'
/** Their name within the room, a part of their ids. */
const UPLOADS_ROOT = 'uploads'

/** Options of {@link FilmsPart}. */
export interface FilmsOptions {
  /** A folder of films besides the uploads. Default: none. */
  readonly films?: string | undefined
  /** Pixels, 16 to 8192; wider films are made smaller. Default 1920. */
  readonly maxWidth?: number | undefined
  /** Keeps the pictures of films for the next time. Default: the user's cache. */
  readonly cache?: ClipCache | undefined
}

/** The films of the room: those of its folder, and the uploads. */
export class FilmsPart implements RoomPart, ReelShelf {
  readonly #context: RoomContext
  readonly #library: FilmLibrary
  readonly #posters: Posters
  readonly #uploaders: Uploaders
  readonly #maxWidth: number
  readonly #cache: ClipCache

  constructor(context: RoomContext, { films, maxWidth = 1920, cache }: FilmsOptions) {
    const { folder, guests, server, log } = context
    this.#context = context
    this.#maxWidth = maxWidth
    this.#cache = cache ?? new ClipCache({ log })
    const uploads = { root: UPLOADS_ROOT, path: join(folder, UPLOADS_FOLDER) }
    this.#uploaders = new Uploaders(join(folder, 'uploaders.json'))
    const own: readonly FilmFolder[] =
      films === undefined ? [] : [{ root: 'films', path: films, mustExist: true }]
    this.#library = new FilmLibrary([...own, uploads], log, () =>
      guests.tell({ type: 'films', films: this.films }),
    )
    this.#posters = new Posters(join(folder, 'posters'), this.#library, log)
    server.route('/poster/', (exchange) => this.#posters.answer(exchange), { below: true })
    this.#library.open()
  }

  get films(): readonly Film[] {
    return this.#library.films.map((film) => {
      const by = this.#uploaders.of(film.id)
      return by === undefined ? film : Object.assign({ by }, film)
    })
  }

  async open(): Promise<void> {
    await this.#uploaders.open()
  }

  find(id: string): Reel | undefined {
    const found = this.#library.find(id)
    if (!found) return undefined
    const { film, path } = found
    const check = (): Promise<void> => this.#library.check(path)
    return openReel(film, {
      path,
      check,
      maxWidth: this.#maxWidth,
      cache: this.#cache,
      log: this.#context.log,
    })
  }

  /** Somebody has uploaded a film. @param file - Its name in the folder of uploads. */
  uploaded(file: string, by: string): void {
    this.#uploaders.add(filmId(UPLOADS_ROOT, file), by).catch((error: unknown) => {
      this.#context.log.warning(
        `who uploaded a film cannot be kept: ${errorMessage(error)}`,
        error,
        'uploaders',
      )
    })
    this.#library.refresh()
  }

  async close(): Promise<void> {
    await Promise.all([this.#library.close(), this.#posters.close()])
  }
}
