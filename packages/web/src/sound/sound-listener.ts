import { parseTopic, type SoundBlock } from '@zcast/shared'
import { answerClock } from '../page/answer-clock.ts'
import type { JoinReaders } from '../pictures/readers.ts'
import type { WebChannel } from '../server/channels/web-channel.ts'
import type { WebServer } from '../server/web-server.ts'
import type { LiveSounds } from './live-sounds.ts'
import { soundMessageBytes, writeSoundMessage } from './sound-message.ts'
import { microsecondsOf, SoundQueue } from './sound-queue.ts'

/** Sound that may be on its way: more would be heard too late. */
const MAX_MICROSECONDS_SENT = 1_000_000
/** Sound in one answer to a page without a WebSocket: each answer takes a request. */
const MICROSECONDS_OF_A_POLL = 100_000
/** A page that has not said for this long that sound came is no longer listening. */
const RESTS_AFTER_MS = 30_000

const NEXT = /^next(?: (\d{1,15}))?$/

/** The status of one page that listens. */
export interface SoundListenerReport {
  readonly topic: string
  /** Pieces sent to it. */
  readonly sent: number
  /** Pieces left out for it, because it did not take earlier ones in time. */
  readonly leftOut: number
}

/**
 * One page that listens to one stream. `next` asks for sound, from now on; `next N` also says that piece number N has
 * come; `rest` says that nothing is wanted. At most a second is on its way and another waits here: of what a slow page
 * or network does not take, the oldest is left out, and counted.
 */
export class SoundListener {
  readonly #channel: WebChannel
  readonly #sounds: LiveSounds
  readonly #readers: JoinReaders
  readonly #topic: string
  readonly #queue = new SoundQueue()
  /** The length of each piece on its way, by its number, oldest first. */
  readonly #onTheWay = new Map<number, number>()
  #sent = 0
  #leave: (() => void) | undefined
  #resting: NodeJS.Timeout | undefined

  constructor(channel: WebChannel, sounds: LiveSounds, readers: JoinReaders, topic: string) {
    this.#channel = channel
    this.#sounds = sounds
    this.#readers = readers
    this.#topic = topic
    channel.onMessage((text) => this.#answer(text))
    channel.onFlushed(() => this.#send())
    channel.onClose(() => this.#rest())
  }

  /** The listener's current status. */
  report(): SoundListenerReport {
    return { topic: this.#topic, sent: this.#sent, leftOut: this.#queue.leftOut }
  }

  #answer(text: string): void {
    const next = NEXT.exec(text)
    if (next) this.#ask(Number(next[1] ?? 0))
    else if (text === 'rest') this.#rest()
    else if (!answerClock(this.#channel, text)) this.#channel.close(1008)
  }

  #ask(came: number): void {
    for (const number of this.#onTheWay.keys()) if (number <= came) this.#onTheWay.delete(number)
    clearTimeout(this.#resting)
    this.#leave ??= this.#join()
    this.#send()
  }

  #join(): () => void {
    const leave = this.#readers.join()
    const end = this.#sounds.listen(this.#topic, (block) => this.#take(block))
    return () => {
      end()
      leave()
    }
  }

  #take(block: SoundBlock): void {
    this.#queue.add(block)
    this.#send()
  }

  #send(): void {
    const isPoll = this.#channel.maxInFlight === 1
    if (isPoll && (this.#queue.microseconds < MICROSECONDS_OF_A_POLL || this.#onTheWay.size > 0)) return
    if (this.#channel.bufferedBytes > 0) return
    const blocks: SoundBlock[] = []
    for (let room = this.#room; room > 0;) {
      const block = this.#queue.take()
      if (!block) break
      blocks.push(block)
      room -= microsecondsOf(block)
    }
    if (blocks.length > 0) this.#channel.send(this.#encode(blocks))
  }

  #encode(blocks: readonly SoundBlock[]): Uint8Array {
    const message = new Uint8Array(blocks.reduce((sum, block) => sum + soundMessageBytes(block), 0))
    let offset = 0
    for (const block of blocks) {
      this.#sent += 1
      this.#onTheWay.set(this.#sent, microsecondsOf(block))
      const numbers = { number: this.#sent, leftOut: this.#queue.leftOut }
      offset = writeSoundMessage(block, numbers, message, offset)
    }
    clearTimeout(this.#resting)
    this.#resting = setTimeout(() => this.#rest(), RESTS_AFTER_MS).unref()
    return message
  }

  /** Microseconds that may still be sent. */
  get #room(): number {
    let room = MAX_MICROSECONDS_SENT
    for (const microseconds of this.#onTheWay.values()) room -= microseconds
    return room
  }

  #rest(): void {
    clearTimeout(this.#resting)
    this.#queue.clear()
    this.#onTheWay.clear()
    this.#leave?.()
    this.#leave = undefined
  }
}

/**
 * Serves sound to pages at `/sound?topic=audio/main`.
 *
 * @param readers - Is told of each page while it listens; where each stream has a subscription of its own, that of a
 *   stream, and `undefined` where there is no such stream.
 * @returns A function that reports the pages that are connected.
 */
export function serveSounds(
  server: WebServer,
  sounds: LiveSounds,
  readers: JoinReaders | ((topic: string) => JoinReaders | undefined),
): () => readonly SoundListenerReport[] {
  const listeners = new Set<SoundListener>()
  server.channel('/sound', (channel, url) => {
    const topic = url.searchParams.get('topic') ?? ''
    const own = typeof readers === 'function' ? readers(topic) : readers
    if (!parseTopic(topic) || !own) return channel.close(1008)
    const listener = new SoundListener(channel, sounds, own, topic)
    listeners.add(listener)
    channel.onClose(() => listeners.delete(listener))
  })
  return () => [...listeners].map((listener) => listener.report())
}
