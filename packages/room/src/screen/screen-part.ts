import type { Film, WelcomeMessage } from '../messages/room-messages.ts'
import type { UncheckedMessage } from '../messages/guest-messages.ts'
import type { Guest } from '../people/guest.ts'
import { Refusal } from '../people/refusal.ts'
import type { RoomContext, RoomPart, TakeMessage } from '../room-part.ts'
import { ChangeLimit } from './change-limit.ts'
import { MessagePace } from './message-pace.ts'
import type { Reel } from './reel.ts'
import { ScreenPictures } from './screen-pictures.ts'
import { ScreenSound } from './screen-sound.ts'
import { ScreenState } from './screen-state.ts'

/** What can be put on air, which others keep. */
export interface ReelShelf {
  readonly films: readonly Film[]
  /** @returns `undefined` when there is none of this id (any more). */
  find(id: string): Reel | undefined
}

/** Everybody is told of changes at most so often, in milliseconds. */
const TELL_MS = 100
/** After this long with nobody there what is on air stands still, in milliseconds. */
const EMPTY_AFTER_MS = 10_000

/** What everybody watches together: guests decide what is on air, and where it is; there is one state for all. */
export class ScreenPart implements RoomPart {
  readonly takes: Readonly<Record<string, TakeMessage>>
  readonly #context: RoomContext
  readonly #shelf: ReelShelf
  readonly #state = new ScreenState()
  readonly #limit = new ChangeLimit()
  readonly #pace: MessagePace
  readonly #closing = new AbortController()
  readonly #running: Promise<unknown>
  #emptying: NodeJS.Timeout | undefined

  constructor(context: RoomContext, shelf: ReelShelf) {
    this.#context = context
    this.#shelf = shelf
    const { guests, publisher, name, log } = context
    this.#pace = new MessagePace(TELL_MS, () => guests.tell({ type: 'screen', screen: this.#state.view }))
    this.#state.onChange(() => this.#pace.want())
    this.#state.onEnd = () => this.#goOn()
    this.#state.onWanted = () => this.#lookAround()
    this.takes = {
      air: (guest, { film }) => this.#decide(guest, () => this.#air(guest, film)),
      play: (guest) => this.#decide(guest, () => this.#onAir(() => this.#state.play(guest.name))),
      pause: (guest) => this.#decide(guest, () => this.#onAir(() => this.#state.pause(guest.name))),
      next: (guest) => this.#decide(guest, () => this.#next(guest)),
      seek: (guest, message) => this.#seek(guest, message),
    }
    const run = { stream: name, signal: this.#closing.signal }
    this.#running = Promise.all([
      publisher.run(new ScreenPictures(this.#state, log), run),
      publisher.run(new ScreenSound(this.#state, log), run),
    ]).catch((error: unknown) => log.error('the screen cannot be shown any more', error))
    this.#lookAround()
  }

  welcome(): Partial<WelcomeMessage> {
    this.#lookAround()
    return { films: this.#shelf.films, screen: this.#state.view }
  }

  left(): void {
    this.#lookAround()
  }

  async close(): Promise<void> {
    clearTimeout(this.#emptying)
    this.#pace.close()
    this.#closing.abort()
    this.#state.close()
    await this.#running
  }

  /** Does what a guest asks for, unless only hosts may, or it is too much. */
  #decide(guest: Guest, change: () => void): void {
    this.#checkHost(guest)
    if (!this.#limit.take(guest))
      throw new Refusal('ERR_TOO_MANY', 'this was changed too often just now: wait a second')
    change()
  }

  #checkHost(guest: Guest): void {
    if (this.#context.rules.hostsOnly && !guest.isHost)
      throw new Refusal('ERR_NOT_HOST', 'only hosts decide what is on air here: ask one of them')
  }

  #air(guest: Guest, id: unknown): void {
    if (id === null) return this.#state.air(undefined, guest.name)
    const reel = typeof id === 'string' ? this.#shelf.find(id) : undefined
    if (!reel) throw new Refusal('ERR_NO_FILM', 'this film is not there any more: choose another one')
    this.#state.air(reel, guest.name)
  }

  #onAir(change: () => void): void {
    if (!this.#state.reel) throw new Refusal('ERR_NOTHING_ON_AIR', 'nothing is on air: choose a film first')
    change()
  }

  /** Of many seeks in a row only the last counts, so that they need no limit. */
  #seek(guest: Guest, { to }: UncheckedMessage): void {
    this.#checkHost(guest)
    if (typeof to !== 'number' || !Number.isFinite(to))
      throw new Refusal('ERR_MESSAGE', 'a place in a film is a number of seconds')
    this.#onAir(() => {
      if (this.#state.reel?.kind === 'live')
        throw new Refusal('ERR_LIVE', 'this is live: it has no other places')
      this.#state.seek(to, guest.name)
    })
  }

  /** The film after this one; after the last one the first. */
  #next(guest: Guest): void {
    const following = this.#following()
    const id = following ?? this.#shelf.films.find(({ isLive }) => !isLive)?.id
    if (id === undefined) throw new Refusal('ERR_NO_FILM', 'there is no film yet: upload one')
    this.#air(guest, id)
  }

  /** At the end of a film the next one begins; the last one stays at its end. */
  #goOn(): void {
    const id = this.#following()
    const reel = id === undefined ? undefined : this.#shelf.find(id)
    if (reel) this.#state.air(reel, undefined)
  }

  #following(): string | undefined {
    const films = this.#shelf.films.filter(({ isLive }) => !isLive)
    const index = films.findIndex(({ id }) => id === this.#state.reel?.id)
    return index < 0 ? undefined : films[index + 1]?.id
  }

  /** While nobody is in the room and nobody watches, nothing goes on. */
  #lookAround(): void {
    clearTimeout(this.#emptying)
    const isAnybodyThere =
      this.#context.guests.size > 0 || this.#state.isWanted('pictures') || this.#state.isWanted('sound')
    if (isAnybodyThere) this.#state.setEmpty(false)
    else this.#emptying = setTimeout(() => this.#state.setEmpty(true), EMPTY_AFTER_MS).unref()
  }
}
