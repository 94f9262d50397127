import { wallClock } from '@zcast/shared'
import type { NoticeTeller, Visitor, WebChannel } from '@zcast/web/internal'
import { Allowance } from '../limits/allowance.ts'
import { readGuestMessage, type UncheckedMessage } from '../messages/guest-messages.ts'
import type { MessageDesk } from '../messages/message-desk.ts'
import type { WelcomeMessage } from '../messages/room-messages.ts'
import type { RoomContext, RoomPart } from '../room-part.ts'
import { cleanName, MAX_NAME } from './clean-name.ts'
import { Guest, type GuestLink } from './guest.ts'
import { KnownGuests } from './known-guests.ts'
import { Refusal } from './refusal.ts'

/** A page that has not joined by then is let go. */
const JOIN_WITHIN_MS = 10_000
/** Each who joins is told everything: a storm of them would hold up those who are here. */
const JOINS_A_SECOND = 40
const JOINS_AT_ONCE = 100
/** Messages of one guest: a slider that is moved says so with each picture of the screen. */
const MESSAGES_A_SECOND = 200
/** After a pause. */
const MESSAGES_AT_ONCE = 5000
/** People in the room at once. */
const MAX_GUESTS = 200

/** What an {@link Entrance} works with. */
export interface EntranceOptions {
  readonly context: RoomContext
  readonly parts: readonly RoomPart[]
  readonly desk: MessageDesk
  /** Tells hosts of failures. */
  readonly teller: NoticeTeller
}

/** Lets people in and out of a room. */
export class Entrance {
  readonly #context: RoomContext
  readonly #parts: readonly RoomPart[]
  readonly #desk: MessageDesk
  readonly #teller: NoticeTeller
  readonly #known = new KnownGuests((id) => this.#context.guests.find(id) !== undefined)
  readonly #joins = new Allowance(JOINS_A_SECOND, JOINS_AT_ONCE)

  constructor({ context, parts, desk, teller }: EntranceOptions) {
    this.#context = context
    this.#parts = parts
    this.#desk = desk
    this.#teller = teller
  }

  /** How many people have come so far; one who came back counts once. */
  get count(): number {
    return this.#known.count
  }

  /** Waits for the page behind a channel to join, and takes what its guest says. */
  receive(channel: WebChannel, visitor: Visitor): void {
    let guest: Guest | undefined
    const allowance = new Allowance(MESSAGES_A_SECOND, MESSAGES_AT_ONCE)
    const patience = setTimeout(() => channel.close(1008), JOIN_WITHIN_MS).unref()
    channel.onClose(() => {
      clearTimeout(patience)
      if (guest) this.leave(guest)
    })
    channel.onMessage((text) => {
      // Whoever had to leave may still send.
      if (guest && this.#context.guests.find(guest.id) !== guest) return
      if (allowance.take(1) > 0) return this.#cutFlood(channel)
      const message = readGuestMessage(text)
      if (!message) return channel.terminate()
      if (guest) return void this.#desk.take(guest, message)
      if (message.type !== 'join') return channel.terminate()
      clearTimeout(patience)
      guest = this.#join(channel, visitor, message)
    })
  }

  #cutFlood(channel: WebChannel): void {
    channel.terminate()
    this.#context.log.warning(
      'a guest who sent messages without end was cut off',
      undefined,
      'flood of messages',
    )
  }

  /** Lets somebody in, or says why not and ends the channel. */
  #join(channel: WebChannel, visitor: Visitor, message: UncheckedMessage): Guest | undefined {
    try {
      const guest = this.#admit(channel, visitor, message)
      // Their page has come back before the old connection was given up.
      const before = this.#context.guests.find(guest.id)
      if (before) this.leave(before)
      before?.dismiss('you came back in another window')
      guest.tell(this.#welcome(guest))
      // What fails here is for those who can do something about it.
      if (guest.isHost) this.#teller.tell(channel)
      this.#context.guests.add(guest)
      return guest
    } catch (error) {
      channel.send(JSON.stringify(this.#desk.describe(error, 'join')))
      channel.close()
      return undefined
    }
  }

  #admit(link: GuestLink, { address, isHost }: Visitor, message: UncheckedMessage): Guest {
    const name = cleanName(message['name'])
    if (name === undefined) throw new Refusal('ERR_NAME', `a name has 1 to ${MAX_NAME} characters`)
    if (!this.#joins.tryTake())
      throw new Refusal('ERR_BUSY', 'too many are joining at the moment; try again in a few seconds')
    const known = this.#known.find(message['key'], name) ?? this.#known.add(name, message['key'])
    const isNew = this.#context.guests.find(known.id) === undefined
    if (isNew && this.#context.guests.size >= MAX_GUESTS)
      throw new Refusal('ERR_FULL', `the room is full: ${MAX_GUESTS} people are here`)
    const about = { ...known, address, isHost: isHost || this.#context.isEverybodyHost }
    for (const part of this.#parts) part.admit?.(about)
    return new Guest(about, link, message['terminal'] === true)
  }

  #welcome(guest: Guest): WelcomeMessage {
    const { id, key, name, isHost } = guest
    const welcome: WelcomeMessage = {
      type: 'welcome',
      room: this.#context.name,
      rules: this.#context.rules,
      you: { id, key, name, isHost },
      guests: [...this.#context.guests].map(({ view }) => view),
      chat: [],
      films: [],
      screen: { isLive: false, isPlaying: false, isWaiting: false, position: 0, time: wallClock() },
      voices: [],
    }
    return Object.assign(welcome, ...this.#parts.map((part) => part.welcome?.(guest) ?? {})) as WelcomeMessage
  }

  /** Lets somebody in who comes by another way than the page. @throws {@link Refusal} to keep them out. */
  enter(name: unknown, address: string, link: GuestLink): Guest {
    const message = { type: 'join', name, terminal: true }
    const guest = this.#admit(link, { address, isHost: false }, message)
    this.#context.guests.add(guest)
    return guest
  }

  /** Somebody has gone, or has to. Does nothing for who has left. */
  leave(guest: Guest): void {
    if (!this.#context.guests.remove(guest)) return
    for (const part of this.#parts) part.left?.(guest)
  }
}
