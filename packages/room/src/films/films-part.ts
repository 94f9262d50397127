import { join } from 'node:path'
import { ClipCache } from '@zcast/publisher/video'
import type { Film } from '../messages/room-messages.ts'
import type { RoomContext, RoomPart } from '../room-part.ts'
import type { Reel } from '../screen/reel.ts'
import type { ReelShelf } from '../screen/screen-part.ts'
import { type FilmFolder, FilmLibrary } from './film-library.ts'
import { openReel } from './film-reel.ts'
import { Posters } from './posters.ts'

/** Where uploads lie, below the room's own folder. */
export const UPLOADS_FOLDER = 'uploads'

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
  readonly #maxWidth: number
  readonly #cache: ClipCache

  constructor(context: RoomContext, { films, maxWidth = 1920, cache }: FilmsOptions) {
    const { folder, guests, server, log } = context
    this.#context = context
    this.#maxWidth = maxWidth
    this.#cache = cache ?? new ClipCache({ log })
    const uploads = { root: 'uploads', path: join(folder, UPLOADS_FOLDER) }
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
    return this.#library.films
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

  /** Looks for new films now. */
  refresh(): void {
    this.#library.refresh()
  }

  async close(): Promise<void> {
    await Promise.all([this.#library.close(), this.#posters.close()])
  }
}
