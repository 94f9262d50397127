import { type Log, type NoticeBoard, OptionError, type Transport, wallClock } from '@zcast/shared'
import { errorMessage, isLoopbackHost } from '@zcast/shared/internal'
import { Publisher } from '@zcast/publisher'
import {
  type Visitor,
  NoticeTeller,
  servePage,
  type WebChannel,
  WebServer,
  type WebServerOptions,
} from '@zcast/web/internal'
import {
  MAX_GUEST_MESSAGE_BYTES,
  readGuestMessage,
  type UncheckedMessage,
} from './messages/guest-messages.ts'
import type { RoomMessage, RoomRules, WelcomeMessage } from './messages/room-messages.ts'
import { Allowance } from './limits/allowance.ts'
import { cleanName, MAX_NAME } from './people/clean-name.ts'
import { Guest, type GuestLink } from './people/guest.ts'
import { Guests } from './people/guests.ts'
import { KnownGuests } from './people/known-guests.ts'
import { Refusal } from './people/refusal.ts'
import type { EchoPart } from './voice/echo/echo-part.ts'
import { checkParts, makeParts, type PartsOptions } from './make-parts.ts'
import type { RoomContext, RoomPart, TakeMessage } from './room-part.ts'
import { ROOM_PATH } from './room-path.ts'
import { tellTime } from './tell-time.ts'
import { UPLOAD_CLIENT } from './uploads/index.ts'

/** Options of {@link Room.open}. */
export interface RoomOptions extends WebServerOptions, PartsOptions {
  /** The room's name, also that of its streams: 1 to 64 of `A-Z a-z 0-9 . _ -`. Default `main`. */
  readonly name?: string | undefined
  /** Where its topics are sent. Default `tcp://127.0.0.1:5560`. */
  readonly bind?: string | readonly string[] | undefined
  /** The folder of its own files: the chat, the clips of voices. */
  readonly folder: string
  /** The transport of its endpoints, with keys if it has some. Default: without keys. */
  readonly transport?: Transport | undefined
  /** A peer that answers no ping for this long is cut off, in milliseconds. Default 5000. */
  readonly heartbeatMs?: number | undefined
  /** The largest message of a peer, in bytes. Default 16 MiB. */
  readonly maxMessageBytes?: number | undefined
  /** Failures in this process, shown to hosts. Default: none. */
  readonly notices?: NoticeBoard | undefined
  /** Only hosts decide what is on air. Default false. */
  readonly hostsOnly?: boolean | undefined
  /** Receives what fails. Default: no reports. */
  readonly log?: Log | undefined
}

/** Where the room's topics are sent by default. */
export const ROOM_ENDPOINT = 'tcp://127.0.0.1:5560'

/**
 * The expected size of a message: queues of 64 messages, because pictures, sound and chat share them. A subscriber on a
 * slow network gets its pictures on a lane.
 */
const EXPECTED_BYTES = 256 * 1024

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
const SILENT: Log = { error: () => {}, warning: () => {}, close: () => {} }

/** Rooms of this process so far, so that each has an endpoint of its own within it. */
let rooms = 0

/**
 * A room: one page where people watch together, chat, speak, and show their cameras, and one endpoint where all of it is
 * sent as topics. It joins its parts, each of which takes some of the messages of guests.
 */
export class Room {
  readonly #server: WebServer
  readonly #publisher: Publisher
  readonly #guests = new Guests()
  readonly #parts: readonly RoomPart[]
  readonly #takes = new Map<string, TakeMessage>()
  readonly #log: Log
  readonly #context: RoomContext
  readonly #known = new KnownGuests((id) => this.#guests.find(id) !== undefined)
  readonly #joins = new Allowance(JOINS_A_SECOND, JOINS_AT_ONCE)
  readonly #teller: NoticeTeller
  readonly #isEverybodyHost: boolean
  readonly #token: string | undefined
  readonly #echo: EchoPart | undefined
  #rules: RoomRules

  /**
   * Opens a room: its endpoint first, then its page.
   *
   * @throws {@link OptionError} when an option is out of range; {@link EndpointError} when an address is taken.
   */
  static async open(options: RoomOptions): Promise<Room> {
    const { name = 'main', bind = ROOM_ENDPOINT } = options
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(name))
      throw new OptionError(`the room's name "${name}" must be 1 to 64 of A-Z a-z 0-9 . _ -`)
    checkParts(options)
    const endpoint = `inproc://zcast-room-${(rooms += 1)}`
    const server = new WebServer(options)
    const publisher = await Publisher.open({
      bind: [...[bind].flat(), endpoint],
      expectedBytes: EXPECTED_BYTES,
      heartbeatMs: options.heartbeatMs,
      maxMessageBytes: options.maxMessageBytes,
      ...(options.transport && { transport: options.transport }),
      ...(options.log && { log: options.log }),
    })
    const room = new Room({ ...options, name }, server, publisher, endpoint)
    try {
      await room.#listen(name)
      return room
    } catch (error) {
      await room.close()
      throw error
    }
  }

  private constructor(
    options: RoomOptions & { readonly name: string },
    server: WebServer,
    publisher: Publisher,
    endpoint: string,
  ) {
    this.#server = server
    this.#publisher = publisher
    this.#log = options.log ?? SILENT
    this.#token = options.token
    this.#teller = new NoticeTeller(options.notices)
    this.#isEverybodyHost = options.hostToken === undefined
    this.#rules = {
      hostsOnly: options.hostsOnly ?? false,
      echoDelaySeconds: options.echoDelaySeconds ?? 10,
      maxVoiceSeconds: 60,
      maxCharacters: 500,
      slowSeconds: 0,
      maxUploadBytes: options.maxUploadBytes ?? 2 * 1024 ** 3,
      isPublic: !isLoopbackHost(options.host ?? '127.0.0.1'),
    }
    const rules = (): RoomRules => this.#rules
    this.#context = {
      name: options.name,
      guests: this.#guests,
      isEverybodyHost: this.#isEverybodyHost,
      get rules() {
        return rules()
      },
      setRules: (changes) => {
        this.#rules = { ...this.#rules, ...changes }
        this.#guests.tell({ type: 'rules', rules: this.#rules })
      },
      publisher,
      endpoint,
      server,
      folder: options.folder,
      log: this.#log,
      enter: (guestName, address, link) => {
        const message = { type: 'join', name: guestName, terminal: true }
        const guest = this.#admit(link, { address, isHost: false }, message)
        this.#guests.add(guest)
        return guest
      },
      leave: (guest) => this.#leave(guest),
      guestOf: ({ headers }) => this.#guests.findByKey(headers['zcast-guest']),
    }
    const { parts, echo } = makeParts(this.#context, options)
    this.#parts = parts
    this.#echo = echo
    this.#takes.set('clock', tellTime)
    for (const part of this.#parts) {
      for (const [type, take] of Object.entries(part.takes ?? {})) this.#takes.set(type, take)
    }
  }

  /** `http://127.0.0.1:8090`; with the port that was chosen for 0. */
  get address(): string {
    return this.#server.address
  }

  /** Where its topics are sent, with the port that was chosen for `*`. */
  get endpoints(): readonly string[] {
    return this.#publisher.endpoints.filter((endpoint) => endpoint !== this.#context.endpoint)
  }

  /** The TCP port of the old voice programs; `undefined` where they cannot come in. */
  get echoPort(): number | undefined {
    return this.#echo?.port
  }

  /**
   * The address with a code that opens the page once, within ten minutes; the plain address where no token is needed.
   *
   * @param isHost - Whether it opens with the rights of a host. Default false.
   */
  oneTimeAddress(isHost = false): string {
    return this.#server.oneTimeAddress(isHost)
  }

  /** How many people have come so far; one who came back counts once. */
  get guests(): number {
    return this.#known.count
  }

  /** An address that lets people in as guests for as long as the room keeps its token; for them to be sent. */
  get invitation(): string {
    return this.#token === undefined
      ? this.address
      : `${this.address}/?token=${encodeURIComponent(this.#token)}`
  }

  /** Ends everything. May be called twice. */
  async close(): Promise<void> {
    for (const guest of this.#guests) guest.dismiss('the room is closed', true)
    await this.#server.close()
    for (const part of this.#parts) await this.#closePart(part)
    await this.#publisher.close()
  }

  /** Closes the room. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** One that cannot be closed must not keep the others open. */
  async #closePart(part: RoomPart): Promise<void> {
    try {
      await part.close?.()
    } catch (error) {
      this.#log.error(`a part of the room could not be closed: ${errorMessage(error)}`, error)
    }
  }

  async #listen(name: string): Promise<void> {
    for (const part of this.#parts) await part.open?.()
    await servePage(this.#server, name, {
      html: 'room/room.html',
      folders: ['room', 'sound'],
      files: [UPLOAD_CLIENT],
    })
    this.#server.channel(ROOM_PATH, (channel, _url, visitor) => this.#receive(channel, visitor), {
      maxMessageBytes: MAX_GUEST_MESSAGE_BYTES,
    })
    await this.#server.listen(this.#log)
  }

  #receive(channel: WebChannel, visitor: Visitor): void {
    let guest: Guest | undefined
    const allowance = new Allowance(MESSAGES_A_SECOND, MESSAGES_AT_ONCE)
    const patience = setTimeout(() => channel.close(1008), JOIN_WITHIN_MS).unref()
    channel.onClose(() => {
      clearTimeout(patience)
      if (guest) this.#leave(guest)
    })
    channel.onMessage((text) => {
      // Whoever had to leave may still send.
      if (guest && this.#guests.find(guest.id) !== guest) return
      if (allowance.take(1) > 0) return this.#cutFlood(channel)
      const message = readGuestMessage(text)
      if (!message) return channel.terminate()
      if (guest) return void this.#take(guest, message)
      if (message.type !== 'join') return channel.terminate()
      clearTimeout(patience)
      guest = this.#join(channel, visitor, message)
    })
  }

  #cutFlood(channel: WebChannel): void {
    channel.terminate()
    this.#log.warning('a guest who sent messages without end was cut off', undefined, 'flood of messages')
  }

  /** Lets somebody in, or says why not and ends the channel. */
  #join(channel: WebChannel, visitor: Visitor, message: UncheckedMessage): Guest | undefined {
    try {
      const guest = this.#admit(channel, visitor, message)
      // Their page has come back before the old connection was given up.
      const before = this.#guests.find(guest.id)
      if (before) this.#leave(before)
      before?.dismiss('you came back in another window')
      guest.tell(this.#welcome(guest))
      // What fails here is for those who can do something about it.
      if (guest.isHost) this.#teller.tell(channel)
      this.#guests.add(guest)
      return guest
    } catch (error) {
      channel.send(JSON.stringify(this.#describe(error, 'join')))
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
    const isNew = this.#guests.find(known.id) === undefined
    if (isNew && this.#guests.size >= MAX_GUESTS)
      throw new Refusal('ERR_FULL', `the room is full: ${MAX_GUESTS} people are here`)
    const about = { ...known, address, isHost: isHost || this.#isEverybodyHost }
    for (const part of this.#parts) part.admit?.(about)
    return new Guest(about, link, message['terminal'] === true)
  }

  #welcome(guest: Guest): WelcomeMessage {
    const { id, key, name, isHost } = guest
    const welcome: WelcomeMessage = {
      type: 'welcome',
      room: this.#context.name,
      rules: this.#rules,
      you: { id, key, name, isHost },
      guests: [...this.#guests].map(({ view }) => view),
      chat: [],
      films: [],
      screen: { isLive: false, isPlaying: false, isWaiting: false, position: 0, time: wallClock() },
      voices: [],
    }
    return Object.assign(welcome, ...this.#parts.map((part) => part.welcome?.(guest) ?? {})) as WelcomeMessage
  }

  async #take(guest: Guest, message: UncheckedMessage): Promise<void> {
    try {
      const take = this.#takes.get(message.type)
      if (!take) throw new Refusal('ERR_MESSAGE', 'the room does not know this kind of message')
      await take(guest, message)
    } catch (error) {
      guest.tell(this.#describe(error, message.type.slice(0, 32)))
    }
  }

  #describe(error: unknown, about: string): RoomMessage {
    if (error instanceof Refusal) {
      const { code, message: reason, waitSeconds } = error
      return { type: 'refused', about, code, reason, waitSeconds }
    }
    this.#log.error('a message of a guest could not be handled', error)
    return {
      type: 'refused',
      about,
      code: 'ERR_ROOM',
      reason: 'this could not be done; the log of the room says why',
    }
  }

  #leave(guest: Guest): void {
    if (!this.#guests.remove(guest)) return
    for (const part of this.#parts) part.left?.(guest)
  }
}
