import { type Log, OptionError } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import { Publisher } from '@zcast/publisher'
import { NoticeTeller, servePage, WebServer } from '@zcast/web/internal'
import { MAX_GUEST_MESSAGE_BYTES } from './messages/guest-messages.ts'
import { MessageDesk } from './messages/message-desk.ts'
import type { RoomRules } from './messages/room-messages.ts'
import { Entrance } from './people/entrance.ts'
import { Guests } from './people/guests.ts'
import type { EchoPart } from './voice/echo/echo-part.ts'
import { checkParts, makeParts } from './make-parts.ts'
import { firstRules, ROOM_ENDPOINT, type RoomOptions } from './room-options.ts'
import type { RoomContext, RoomPart } from './room-part.ts'
import { ROOM_PATH } from './room-path.ts'
import { UPLOAD_CLIENT } from './uploads/index.ts'

/**
 * The expected size of a message: queues of 64 messages, because pictures, sound and chat share them. A subscriber on a
 * slow network gets its pictures on a lane.
 */
const EXPECTED_BYTES = 256 * 1024

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
  readonly #log: Log
  readonly #context: RoomContext
  readonly #entrance: Entrance
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
    this.#rules = firstRules(options)
    const rules = (): RoomRules => this.#rules
    this.#context = {
      name: options.name,
      guests: this.#guests,
      isEverybodyHost: options.hostToken === undefined,
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
      enter: (guestName, address, link) => this.#entrance.enter(guestName, address, link),
      leave: (guest) => this.#entrance.leave(guest),
      guestOf: ({ headers }) => this.#guests.findByKey(headers['zcast-guest']),
    }
    const { parts, echo } = makeParts(this.#context, options)
    this.#parts = parts
    this.#echo = echo
    const desk = new MessageDesk(parts, this.#log)
    const teller = new NoticeTeller(options.notices)
    this.#entrance = new Entrance({ context: this.#context, parts, desk, teller })
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
    return this.#entrance.count
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
    this.#server.channel(ROOM_PATH, (channel, _url, visitor) => this.#entrance.receive(channel, visitor), {
      maxMessageBytes: MAX_GUEST_MESSAGE_BYTES,
    })
    await this.#server.listen(this.#log)
  }
}
