import { join } from 'node:path'
import { ClipCache } from '@zcast/publisher/video'
import type { Film } from '../messages/room-messages.ts'
import type { RoomContext, RoomPart } from '../room-part.ts'
import { openLive, type OpenLiveTransport } from '../screen/live-reel.ts'
import type { LiveSource } from '../screen/parse-live-source.ts'
import type { LiveReel, Reel } from '../screen/reel.ts'
import type { ReelShelf } from '../screen/screen-part.ts'
import { type FilmFolder, FilmLibrary, UPLOADS_FOLDER } from './film-library.ts'
import { openReel } from './film-reel.ts'
import { Posters } from './posters.ts'
import { Uploaders } from './uploaders.ts'

/** Options of {@link FilmsPart}. */
export interface FilmsOptions {
  /** A folder of films besides the uploads, which may come later. Default: none. */
  readonly films?: string | undefined
  /** Pixels, 16 to 8192; wider films are made smaller. Default 1920. */
  readonly maxWidth?: number | undefined
  /** Live streams that can be put on air. Default: none but the cameras of guests. */
  readonly sources?: readonly LiveSource[] | undefined
  /** Opens the transport of a live stream. Default: without keys and credentials. */
  readonly sourceTransport?: OpenLiveTransport | undefined
  /** Keeps the pictures of films for the next time; `false` for nothing. Default: the user's cache. */
  readonly cache?: ClipCache | false | undefined
}

/** Of a live stream. */
const NOTHING_KNOWN = { seconds: 0, bytes: 0, width: 0, height: 0, hasSound: true }

/** The films of the room: those of its folder, and the uploads. */
export class FilmsPart implements RoomPart, ReelShelf {
  readonly #context: RoomContext
  readonly #library: FilmLibrary
  readonly #posters: Posters
  readonly #uploaders: Uploaders
  readonly #maxWidth: number
  readonly #cache: ClipCache | undefined
  readonly #lives: readonly LiveReel[]
  /** As they are listed. */
  readonly #liveFilms: readonly Film[]

  constructor(
    context: RoomContext,
    { films, maxWidth = 1920, sources = [], sourceTransport, cache }: FilmsOptions,
  ) {
    const { folder, guests, server, log } = context
    this.#context = context
    this.#maxWidth = maxWidth
    this.#lives = sources.map((source, index) => openLive(`live-${index}`, source, log, sourceTransport))
    this.#liveFilms = this.#lives.map(({ id, name }) => ({ ...NOTHING_KNOWN, id, name, isLive: true }))
    this.#cache = cache === false ? undefined : (cache ?? new ClipCache({ log }))
    const uploads = { root: UPLOADS_FOLDER, path: join(folder, UPLOADS_FOLDER) }
    const own: readonly FilmFolder[] = films === undefined ? [] : [{ root: 'films', path: films }]
    this.#library = new FilmLibrary([...own, uploads], {
      log,
      uploaderOf: (file) => this.#uploaders.nameOf(file),
      onChange: () => guests.tell({ type: 'films', films: this.films }),
    })
    this.#uploaders = new Uploaders(join(folder, 'uploaders.json'), log)
    this.#posters = new Posters(join(folder, 'posters'), this.#library, log)
    server.route('/poster/', (exchange) => this.#posters.answer(exchange), { below: true })
  }

  async open(): Promise<void> {
    await this.#uploaders.open()
    this.#library.open()
  }

  get films(): readonly Film[] {
    return [...this.#liveFilms, ...this.#library.films]
  }

  find(id: string): Reel | undefined {
    const found = this.#library.find(id)
    if (!found) return this.#lives.find((live) => live.id === id) ?? this.#findCamera(id)
    return openReel(found, { maxWidth: this.#maxWidth, cache: this.#cache, log: this.#context.log })
  }

  /** What a guest shares at the moment, by its topic. */
  #findCamera(topic: string): Reel | undefined {
    const { guests, endpoint, log } = this.#context
    const guest = [...guests].find(({ shown }) => topic === `video/${shown.camera}`)
    const stream = guest?.shown.camera
    if (!guest || stream === undefined) return undefined
    return openLive(topic, { name: guest.name, connect: [endpoint], stream }, log)
  }

  /** Says that a guest has uploaded a film. @param file - Its name in the folder of uploads. */
  added(file: string, by: string): void {
    this.#uploaders.add(file, by)
    this.#library.refresh(join(this.#context.folder, UPLOADS_FOLDER, file))
  }

  async close(): Promise<void> {
    await Promise.all([this.#library.close(), this.#posters.close(), this.#uploaders.close()])
  }
}
