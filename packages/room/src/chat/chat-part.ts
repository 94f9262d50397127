import { wallClock } from '@zcast/shared'
import type { ChatTopic } from '@zcast/publisher'
import type { UncheckedMessage } from '../messages/guest-messages.ts'
import type { ChatLine, WelcomeMessage } from '../messages/room-messages.ts'
import type { Guest } from '../people/guest.ts'
import { Refusal } from '../people/refusal.ts'
import { requireHost } from '../people/require-host.ts'
import type { RoomContext, RoomPart } from '../room-part.ts'
import { cleanText } from './clean-text.ts'
import { describeWait } from './describe-wait.ts'
import type { ModerationPart } from './moderation-part.ts'
import { Pace } from '../limits/pace.ts'
import { ChatStore } from './store/chat-store.ts'
import { Typists } from './typists.ts'

/** Lines told to who joins, and in answer to one request for older ones. */
const WELCOME_LINES = 200
const HISTORY_LINES = 100
const OF_A_GUEST = { times: 5, withinMs: 5000 }
/** Of all together: each is told to everybody. */
const OF_THE_ROOM = { times: 300, withinMs: 3000 }
const OF_HISTORY = { times: 20, withinMs: 5000 }
const EVERYBODY = ''

/** The chat: what is said, kept before anybody sees it, told to all guests, and sent as `chat/<room>`. */
export class ChatPart implements RoomPart {
  readonly takes = {
    say: (guest: Guest, message: UncheckedMessage): Promise<void> => this.#say(guest, message),
    typing: (guest: Guest): void => this.#type(guest),
    history: (guest: Guest, message: UncheckedMessage): void => this.#tellHistory(guest, message),
    remove: (guest: Guest, message: UncheckedMessage): Promise<void> => this.#remove(guest, message),
  }
  readonly #context: RoomContext
  readonly #moderation: ModerationPart
  readonly #pace = new Pace(OF_A_GUEST)
  readonly #roomPace = new Pace(OF_THE_ROOM)
  readonly #historyPace = new Pace(OF_HISTORY)
  readonly #typists: Typists
  #store: ChatStore | undefined
  #topic: ChatTopic | undefined

  constructor(context: RoomContext, moderation: ModerationPart) {
    this.#context = context
    this.#moderation = moderation
    this.#typists = new Typists((names) => context.guests.tell({ type: 'typing', names }))
  }

  /** Opens what is kept. @throws {@link StreamError} when another room has it, or it cannot be written. */
  async open(): Promise<void> {
    const { folder, log, publisher, name } = this.#context
    this.#store = await ChatStore.open(folder, log)
    this.#topic = publisher.topic(`chat/${name}`)
  }

  welcome(): Partial<WelcomeMessage> {
    return { chat: this.#store?.newest(WELCOME_LINES) ?? [] }
  }

  left(guest: Guest): void {
    this.#typists.end(guest.id)
  }

  async close(): Promise<void> {
    this.#typists.close()
    await this.#topic?.close()
    await this.#store?.close()
    this.#store = undefined
  }

  /** The name under which a guest wrote last. */
  nameOf(guest: string): string | undefined {
    return this.#store?.findBy(guest)?.name
  }

  async #say(guest: Guest, { text }: UncheckedMessage): Promise<void> {
    const words = cleanText(text, this.#context.rules.maxCharacters)
    this.#moderation.refuseMuted(guest)
    this.#refuseHaste(guest)
    this.#typists.end(guest.id)
    const line = await this.#keep((store) =>
      store.add({ time: wallClock(), guest: guest.id, name: guest.name, text: words }),
    )
    this.#context.guests.tell({ type: 'chat', line })
    this.#send(line)
  }

  #refuseHaste(guest: Guest): void {
    const slowMs = guest.isHost ? 0 : this.#context.rules.slowSeconds * 1000
    const waitMs = Math.max(this.#pace.waitMs(guest.id, slowMs), this.#roomPace.waitMs(EVERYBODY))
    if (waitMs > 0) {
      const seconds = waitMs / 1000
      throw new Refusal('ERR_TOO_FAST', `not so fast: write again in ${describeWait(seconds)}`, seconds)
    }
    this.#pace.note(guest.id)
    this.#roomPace.note(EVERYBODY)
  }

  #type(guest: Guest): void {
    if (!guest.shown.isMuted) this.#typists.begin(guest.id, guest.name)
  }

  #tellHistory(guest: Guest, { before }: UncheckedMessage): void {
    if (!Number.isSafeInteger(before)) throw new Refusal('ERR_MESSAGE', 'history is before the id of a line')
    if (this.#historyPace.waitMs(guest.id) > 0)
      throw new Refusal('ERR_TOO_FAST', 'not so fast: wait a moment', 1)
    this.#historyPace.note(guest.id)
    guest.tell({ type: 'history', lines: this.#store?.before(before as number, HISTORY_LINES) ?? [] })
  }

  async #remove(guest: Guest, { id }: UncheckedMessage): Promise<void> {
    requireHost(guest)
    const line = this.#store?.find(id)
    if (!line) throw new Refusal('ERR_NO_MESSAGE', 'there is no such message any longer')
    await this.#keep((store) => store.remove(line.id, guest.name, wallClock()))
    this.#context.guests.tell({ type: 'removed', id: line.id, by: guest.name })
    this.#send({ ...line, text: '' }, true)
  }

  async #keep<Kept>(act: (store: ChatStore) => Promise<Kept>): Promise<Kept> {
    if (!this.#store) throw new Refusal('ERR_CLOSED', 'the room is closing')
    try {
      return await act(this.#store)
    } catch (error) {
      this.#context.log.error('what was said in the room could not be kept', error, 'chat store')
      throw new Refusal('ERR_NOT_KEPT', 'the room could not keep this, so nobody sees it; try again later')
    }
  }

  /** Sends a line to those who listen by ZeroMQ. */
  #send(line: ChatLine, removed = false): void {
    this.#topic
      ?.send({ ...line, removed })
      .catch((error: unknown) => this.#context.log.warning('what was said is not sent', error, 'chat topic'))
  }
}
