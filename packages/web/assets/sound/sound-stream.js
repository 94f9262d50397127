import { LiveSocket } from '../stream/live-socket.js'
import { CLOCK_INTERVAL_MS } from './server-clock.js'
import { SoundPlayer } from './sound-player.js'
import { readSoundPieces } from './sound-pieces.js'

/** That sound came is said after so much of it, rather than of each piece. */
const SAID_EACH_SECONDS = 0.09
/** No sound for this long is worth a word. */
const SILENT_MS = 2000
/** So is sound that was missing this long ago, while it comes. */
const STUTTERS_MS = 3000
const COMES_MS = 300

/**
 * One stream of sound from the server to the speakers, from its making until `close`: the server sends nothing, and its
 * publisher decodes nothing, while no page has one.
 */
export class SoundStream {
  #clock
  #player
  #socket
  #asking
  /** The number of the newest piece, and the seconds that came since that was said. */
  #newest = 0
  #unsaid = 0
  #leftOut = 0
  /** What was missing until it was looked at last, and when it changed. */
  #missing = 0
  #missedAtMs = Number.NEGATIVE_INFINITY
  #heardAtMs = performance.now()
  /** @type {import('../stream/live-socket.js').Link} */
  #link = 'opening'

  /**
   * @param {string} topic Such as `audio/main`.
   * @param {object} options
   * @param {import('./speakers.js').Speakers} options.speakers
   * @param {import('./server-clock.js').ServerClock} options.clock That of the server that sends it.
   * @param {import('./playout-clock.js').PlayoutClock} options.playout That of its publisher, also for its pictures.
   * @param {AudioNode} [options.destination] Default: the speakers themselves.
   */
  constructor(topic, { speakers, clock, playout, destination }) {
    this.#clock = clock
    this.#player = new SoundPlayer(speakers, playout, { destination })
    this.#socket = new LiveSocket('sound', topic, {
      onBinary: (data) => this.#take(data),
      onText: (message) => {
        if (message.type === 'clock' && clock.answer(message.asked, message.time)) this.#askClock()
      },
      onAsk: () => this.#ask(),
      whileHidden: true,
      onOpen: () => {
        this.#newest = 0
        this.#leftOut = 0
        this.#askClock()
      },
      onLink: (link) => {
        this.#link = link
        if (link !== 'open') clock.doubt()
      },
    })
    this.#asking = setInterval(() => this.#askClock(), CLOCK_INTERVAL_MS)
  }

  /**
   * How it is doing: `offline` without the server, `silent` while no sound comes, `stuttering` while some of it comes too
   * late or not at all.
   */
  get state() {
    const nowMs = performance.now()
    const missing = this.#leftOut + (this.#player.report?.starved ?? 0)
    if (missing > this.#missing) this.#missedAtMs = nowMs
    this.#missing = missing
    const silentMs = nowMs - this.#heardAtMs
    if (this.#link !== 'open') return 'offline'
    if (silentMs > SILENT_MS) return 'silent'
    return silentMs < COMES_MS && nowMs - this.#missedAtMs < STUTTERS_MS ? 'stuttering' : 'playing'
  }

  /** How loud the stream is: the root of the mean square, and the largest sample, 0 to 1. */
  get level() {
    return this.#player.level
  }

  set volume(/** @type {number} */ volume) {
    this.#player.volume = volume
  }

  /** Ends it. */
  close() {
    clearInterval(this.#asking)
    this.#socket.close()
    this.#player.close()
  }

  #askClock() {
    this.#socket.send(this.#clock.question)
  }

  #ask() {
    if (this.#newest > 0 && this.#unsaid < SAID_EACH_SECONDS) return ''
    this.#unsaid = 0
    return this.#newest > 0 ? `next ${this.#newest}` : 'next'
  }

  /** @param {ArrayBuffer} data */
  #take(data) {
    for (const piece of readSoundPieces(data)) {
      this.#newest = piece.number
      this.#leftOut = piece.leftOut
      this.#unsaid += piece.left.length / piece.rate
      this.#heardAtMs = performance.now()
      this.#player.play(piece)
    }
  }
}
