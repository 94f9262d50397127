import { randomBytes } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAacFile } from '@zcast/media'
import { SinkError, wallClock } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import { type Exchange, HttpRefusal, sendBytes } from '@zcast/web/internal'
import { Turns } from '../limits/turns.ts'
import type { VoiceClip, WelcomeMessage } from '../messages/room-messages.ts'
import type { Guest } from '../people/guest.ts'
import { Refusal } from '../people/refusal.ts'
import type { RoomContext, RoomPart } from '../room-part.ts'
import { ClipShelf } from './clip-shelf.ts'
import { decodeClip } from './make-clip.ts'
import { readBody } from './read-body.ts'
import { VOICE_FORMAT, type SpokenClip } from './voice-format.ts'
import { VoiceSource } from './voice-source.ts'

/** A minute of uncompressed stereo at 48 kHz, and its header. */
const MAX_BODY_BYTES = 12 * 1024 * 1024
/** Recordings that are being decoded at once; each takes an ffmpeg. */
const MAX_DECODING = 2
/** Those that come in, wait for that, or are decoded: each is held in memory. Further ones are refused. */
const MAX_ARRIVING = 18
/** Clips that one guest may have on their way here, waiting or speaking. */
const MAX_OF_ONE = 3
/** And all together. */
const MAX_PENDING = 64
/** The sound of all of them is in memory, for old programs in base64 too. */
const MAX_PENDING_SECONDS = 600

const CLIP_PATH = /^\/voices\/([0-9a-f]{16})\.m4a$/

/** A clip that was sent, on its way to everybody. */
export interface PendingClip {
  readonly clip: VoiceClip
  /** The recording as it was sent, for who needs it in another format; removed once the clip has ended. */
  readonly path: string
  readonly spoken: SpokenClip
}

/** Who wants clips in another way than by the page and `voice/<room>`: the old voice programs. */
export interface VoiceListener {
  /** Gets a clip ready; called when it was sent, so some seconds before it is heard. */
  prepare(pending: PendingClip): void
  /** It is heard from now on. */
  speak(pending: PendingClip): void
}

/**
 * Voices: what one guest records is heard by everybody after the echo delay. Pages fetch the recording and play it at its
 * time, so that each can leave out its own; on `voice/<room>` all who speak at once are mixed.
 */
export class VoicePart implements RoomPart {
  readonly #context: RoomContext
  readonly #source = new VoiceSource()
  readonly #pending = new Map<string, PendingClip>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #closing = new AbortController()
  readonly #listeners = new Set<VoiceListener>()
  #shelf: ClipShelf | undefined
  #running: Promise<void> = Promise.resolve()
  readonly #turns = new Turns(MAX_DECODING)
  /** The guests whose recordings are on their way, by their ids, once for each recording. */
  readonly #arriving: string[] = []

  constructor(context: RoomContext) {
    this.#context = context
    context.server.route('/voices', (exchange) => this.#receive(exchange), { methods: ['POST'] })
    context.server.route('/voices/', (exchange) => this.#sendClip(exchange), { below: true })
  }

  /** Opens the folder of clips, and begins to send `voice/<room>`. */
  async open(): Promise<void> {
    const { folder, publisher, name, log } = this.#context
    try {
      this.#shelf = await ClipShelf.open(join(folder, 'voices'))
    } catch (error) {
      throw new SinkError(`the room cannot keep voices in ${folder}: ${errorMessage(error)}`, {
        cause: error,
      })
    }
    const { signal } = this.#closing
    this.#running = publisher.run(this.#source, { stream: name, signal }).catch((error: unknown) => {
      log.error('the voices of the room are no longer sent', error)
    })
  }

  /** Has clips told to somebody else too. */
  addListener(listener: VoiceListener): void {
    this.#listeners.add(listener)
  }

  /** The clips that wait or speak. */
  welcome(): Partial<WelcomeMessage> {
    return { voices: [...this.#pending.values()].map(({ clip }) => clip) }
  }

  /** Ends all voices. */
  async close(): Promise<void> {
    this.#closing.abort()
    for (const timer of this.#timers.values()) clearTimeout(timer)
    await this.#running
    await Promise.all([...this.#pending.values()].map(({ path }) => rm(path, { force: true })))
  }

  /**
   * Takes a recording of a guest: decodes it, and has everybody hear it after the echo delay.
   *
   * @throws {@link Refusal} when it is no sound, or they have sent too many.
   */
  async take(guest: Pick<Guest, 'id' | 'name'>, recording: Uint8Array): Promise<VoiceClip> {
    return this.#claim(guest, () => this.#keep(guest, recording))
  }

  /** Takes a place before a recording has come, so that many at once cannot exceed the limits together. */
  async #claim<Result>(guest: Pick<Guest, 'id'>, work: () => Promise<Result>): Promise<Result> {
    this.#refuseTooMany(guest)
    this.#arriving.push(guest.id)
    try {
      return await work()
    } finally {
      this.#arriving.splice(this.#arriving.indexOf(guest.id), 1)
    }
  }

  #keep(guest: Pick<Guest, 'id' | 'name'>, recording: Uint8Array): Promise<VoiceClip> {
    return this.#turns.run(() => this.#decode(guest, recording))
  }

  async #decode(guest: Pick<Guest, 'id' | 'name'>, recording: Uint8Array): Promise<VoiceClip> {
    const id = randomBytes(8).toString('hex')
    const path = join(this.#context.folder, 'voices', `${id}.recording`)
    try {
      await writeFile(path, recording, { flag: 'wx', mode: 0o600 })
      const samples = await decodeClip(path, this.#context.rules.maxVoiceSeconds)
      const shelf = this.#shelf as ClipShelf
      const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
      await writeAacFile(shelf.pathOf(id), bytes, VOICE_FORMAT)
      await shelf.keep(id)
      if (this.#closing.signal.aborted) throw new Refusal('ERR_CLOSED', 'the room is closing')
      const seconds = samples.length / VOICE_FORMAT.rate
      this.#refuseTooLong(seconds)
      const time = wallClock() + this.#context.rules.echoDelaySeconds
      const clip: VoiceClip = { id, guest: guest.id, name: guest.name, seconds, time }
      this.#schedule({ clip, path, spoken: { id, time, seconds, samples } })
      return clip
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
  }

  #schedule(pending: PendingClip): void {
    const { clip, spoken } = pending
    this.#pending.set(clip.id, pending)
    this.#source.add(spoken)
    for (const listener of this.#listeners) listener.prepare(pending)
    this.#context.guests.tell({ type: 'voice', state: 'waits', clip })
    this.#at(clip.id, clip.time, () => {
      this.#context.guests.tell({ type: 'voice', state: 'speaks', clip })
      for (const listener of this.#listeners) listener.speak(pending)
      this.#at(clip.id, clip.time + clip.seconds, () => this.#end(pending))
    })
  }

  #end({ clip, path }: PendingClip): void {
    this.#pending.delete(clip.id)
    this.#timers.delete(clip.id)
    this.#context.guests.tell({ type: 'voice', state: 'ended', clip })
    void rm(path, { force: true }).catch((error: unknown) => {
      this.#context.log.warning('a recording could not be removed', error, 'recording')
    })
  }

  #at(id: string, time: number, act: () => void): void {
    this.#timers.set(id, setTimeout(act, Math.max(0, (time - wallClock()) * 1000)))
  }

  #refuseTooMany({ id }: Pick<Guest, 'id'>): void {
    const senders = [...this.#arriving, ...[...this.#pending.values()].map(({ clip }) => clip.guest)]
    if (senders.filter((sender) => sender === id).length >= MAX_OF_ONE)
      throw new Refusal(
        'ERR_RATE',
        `${MAX_OF_ONE} of your clips are still to be heard; wait until one has ended`,
      )
    if (this.#pending.size >= MAX_PENDING) throw tooManyPending()
    if (this.#arriving.length >= MAX_ARRIVING)
      throw new Refusal('ERR_BUSY', 'too many recordings come in at the moment; try again in a while')
  }

  #refuseTooLong(seconds: number): void {
    const pending = [...this.#pending.values()].reduce((sum, { clip }) => sum + clip.seconds, 0)
    if (pending + seconds > MAX_PENDING_SECONDS) throw tooManyPending()
  }

  async #receive(exchange: Exchange): Promise<void> {
    const { request } = exchange
    if (request.method !== 'POST') throw new HttpRefusal(404, 'recordings are sent here by POST')
    const guest = this.#context.guestOf(request)
    if (!guest) throw new HttpRefusal(403, 'only people in the room can speak; join first')
    try {
      if (guest.shown.isMuted)
        throw new Refusal('ERR_MUTED', 'you may not speak at the moment: a host has muted you')
      const clip = await this.#claim(guest, async () =>
        this.#keep(guest, await readBody(request, MAX_BODY_BYTES)),
      )
      sendBytes(exchange, 'application/json', Buffer.from(JSON.stringify(clip)), {}, 201)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      throw new HttpRefusal(
        error.code === 'ERR_VOICE' ? 415 : error.code === 'ERR_MUTED' ? 403 : 429,
        error.message,
      )
    }
  }

  async #sendClip(exchange: Exchange): Promise<void> {
    const id = CLIP_PATH.exec(exchange.url.pathname)?.[1]
    const path = id === undefined ? undefined : this.#shelf?.find(id)
    if (path === undefined) throw new HttpRefusal(404, 'this clip is no longer kept')
    sendBytes(exchange, 'audio/mp4', await readFile(path))
  }
}

function tooManyPending(): Refusal {
  return new Refusal('ERR_BUSY', 'too many clips are still to be heard; try again in a while')
}
