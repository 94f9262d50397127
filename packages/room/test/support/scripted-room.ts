import { wallClock } from '@zcast/shared'
import {
  LivePictures,
  NoticeTeller,
  ReaderAccounts,
  Readers,
  sendBytes,
  servePage,
  servePictures,
  type WebChannel,
  WebServer,
} from '@zcast/web/internal'
import { pictureEnvelope } from '@zcast/testing/pictures/plain-picture'
import { Recorder } from '@zcast/testing/waiting/recorder'
import type { GuestMessage } from '../../src/messages/guest-messages.ts'
import type {
  ChatLine,
  GuestView,
  RoomMessage,
  Screen,
  WelcomeMessage,
} from '../../src/messages/room-messages.ts'

/** What a scripted room begins with. */
export type Script = Partial<Omit<WelcomeMessage, 'type' | 'you'>> & { readonly isHost?: boolean }

const RULES: WelcomeMessage['rules'] = {
  hostsOnly: false,
  echoDelaySeconds: 10,
  maxVoiceSeconds: 60,
  maxCharacters: 500,
  slowSeconds: 0,
  maxUploadBytes: 2 * 1024 ** 3,
  isPublic: false,
}
const HISTORY = 50

/**
 * A room that says what a test lets it say: it keeps a chat and what is on air, as the true one does, and can be brought
 * into every state that its page has to show.
 */
export class ScriptedRoom {
  /** What guests said, beside questions for the time. */
  readonly said = new Recorder<GuestMessage>()
  /** What is refused, by the type of the request, and why. */
  readonly refuses = new Map<string, string>()
  /** What is said is kept, but nobody is told: the connections are lost at that moment. */
  dropsWhatIsSaid = false
  /** Joined, in the order in which they came. */
  readonly guests: GuestView[]
  chat: ChatLine[]
  screen: Screen
  readonly #script: Script
  readonly #server = new WebServer({ port: 0 })
  readonly #pictures = new LivePictures()
  readonly #readers = new Readers(undefined, 0)
  readonly #posters = new Map<string, Uint8Array>()
  readonly #channels = new Map<WebChannel, string>()

  static async open(script: Script = {}): Promise<ScriptedRoom> {
    const room = new ScriptedRoom(script)
    await room.#listen()
    return room
  }

  private constructor(script: Script) {
    this.#script = script
    this.guests = [...(script.guests ?? [])]
    this.chat = [...(script.chat ?? [])]
    this.screen = script.screen ?? {
      isLive: false,
      isPlaying: false,
      isWaiting: false,
      position: 0,
      time: wallClock(),
    }
  }

  get address(): string {
    return this.#server.address
  }

  /** Says something to everybody. */
  tell(message: RoomMessage): void {
    for (const channel of this.#channels.keys()) channel.send(JSON.stringify(message))
  }

  /** Somebody writes. */
  write(name: string, text: string, time = wallClock()): void {
    const guest = this.guests.find((one) => one.name === name)?.id ?? `id of ${name}`
    const line = { id: (this.chat.at(-1)?.id ?? 0) + 1, time, guest, name, text }
    this.chat.push(line)
    this.tell({ type: 'chat', line })
  }

  /** Changes what is on air. */
  put(changes: Partial<Screen>): void {
    this.screen = { ...this.screen, time: wallClock(), ...changes }
    this.tell({ type: 'screen', screen: this.screen })
  }

  /** Sends a picture to the pages that show the stream. */
  show(jpeg: { data: Uint8Array; width: number; height: number }, topic = 'video/main'): void {
    this.#pictures.add(pictureEnvelope({ ...jpeg, time: wallClock() }, topic))
  }

  /** The picture of a film in the list. */
  setPoster(film: string, jpeg: Uint8Array): void {
    this.#posters.set(film, jpeg)
  }

  /** Cuts the connections of all pages. */
  drop(): void {
    for (const channel of this.#channels.keys()) channel.terminate()
  }

  async close(): Promise<void> {
    this.#readers.close()
    await this.#server.close()
  }

  async #listen(): Promise<void> {
    const name = this.#script.room ?? 'main'
    await servePage(this.#server, name, { html: 'room/room.html', folders: ['room', 'sound'] })
    this.#server.channel('/room', (channel) => this.#receive(channel), { maxMessageBytes: 8192 })
    this.#server.route(
      '/poster/',
      (exchange) => {
        const film = decodeURIComponent(exchange.url.pathname.slice('/poster/'.length))
        const poster = this.#posters.get(film)
        if (poster) sendBytes(exchange, 'image/jpeg', poster)
        else sendBytes(exchange, 'text/plain', Buffer.from('there is no such film\n'), {}, 404)
      },
      { below: true },
    )
    servePictures(this.#server, this.#pictures, {
      readers: () => this.#readers,
      browsers: new Set(),
      accounts: new ReaderAccounts(),
      teller: new NoticeTeller(undefined),
    })
    await this.#server.listen()
  }

  #receive(channel: WebChannel): void {
    channel.onClose(() => {
      const id = this.#channels.get(channel)
      this.#channels.delete(channel)
      const index = this.guests.findIndex((guest) => guest.id === id)
      if (index >= 0) this.guests.splice(index, 1)
      this.#tellGuests()
    })
    channel.onMessage((text) => {
      const message = JSON.parse(text) as GuestMessage
      if (message.type === 'clock') {
        channel.send(JSON.stringify({ type: 'clock', asked: message.asked, time: wallClock() }))
        return
      }
      this.said.add(message)
      const reason = this.refuses.get(message.type)
      const refused = { type: 'refused', about: message.type, code: 'ERR_TEST', reason }
      if (reason !== undefined) channel.send(JSON.stringify(refused))
      else if (message.type === 'join') this.#join(channel, message.name)
      else this.#answer(channel, message)
    })
  }

  #join(channel: WebChannel, name: string): void {
    const id = `id of ${name}`
    const isHost = this.#script.isHost ?? true
    const welcome: WelcomeMessage = {
      type: 'welcome',
      room: 'main',
      rules: RULES,
      films: [],
      voices: [],
      ...this.#script,
      you: { id, key: `key of ${name}`, name, isHost },
      guests: [...this.guests],
      chat: this.chat.slice(-HISTORY),
      screen: this.screen,
    }
    channel.send(JSON.stringify(welcome))
    this.#channels.set(channel, id)
    this.guests.push({ id, name, isHost, isMuted: false })
    this.#tellGuests()
  }

  #answer(channel: WebChannel, message: GuestMessage): void {
    const { name = '' } = this.guests.find(({ id }) => id === this.#channels.get(channel)) ?? {}
    const by = { by: name }
    const place = this.screen.isPlaying
      ? this.screen.position + wallClock() - this.screen.time
      : this.screen.position
    if (message.type === 'say') {
      if (this.dropsWhatIsSaid) this.drop()
      this.write(name, message.text)
    }
    if (message.type === 'typing') this.tell({ type: 'typing', names: [name] })
    if (message.type === 'history') {
      const lines = this.chat.filter(({ id }) => id < message.before).slice(-HISTORY)
      channel.send(JSON.stringify({ type: 'history', lines }))
    }
    if (message.type === 'remove') {
      this.chat = this.chat.filter(({ id }) => id !== message.id)
      this.tell({ type: 'removed', id: message.id, by: name })
    }
    if (message.type === 'play') this.put({ isPlaying: true, position: place, ...by })
    if (message.type === 'pause') this.put({ isPlaying: false, position: place, ...by })
    if (message.type === 'seek') this.put({ position: message.to, ...by })
    if (message.type === 'air') {
      const film = this.#script.films?.find(({ id }) => id === message.film)
      const about = { film: film?.id, name: film?.name, seconds: film?.seconds }
      this.put({ ...about, position: 0, isPlaying: film !== undefined, ...by })
    }
  }

  #tellGuests(): void {
    this.tell({ type: 'guests', guests: this.guests })
  }
}
