import { SoundPlayer } from './sound-player.js'
import { PastPlayout } from './past-playout.js'
import { SoundTiles } from './sound-tiles.js'

/** Faster than this nobody would understand it. */
export const MOST_SPEED = 2
/** What is handed over before it is due, in seconds of listening. */
const AHEAD_SECONDS = 1
/** The way of sound to the recorder took longer and shorter times, by up to this. */
const JITTER_SECONDS = 0.3
const NO_LEVEL = { rms: 0, peak: 0 }
/** Nothing to play for this long is worth a word. */
const SAID_AFTER_MS = 1000

/** One stream of sound of the past, in step with its pictures while time goes on, and silent while it stands still. */
export class PastSound {
  #playback
  #speakers
  #destination
  #playout
  #tiles
  #volume = 0
  /** Plays from where time goes on, until it goes on in another way. @type {SoundPlayer | undefined} */
  #opening
  /** The same, once it plays what it is handed. @type {SoundPlayer | undefined} */
  #player
  /** What it was handed. @type {WeakSet<import('./sound-tiles.js').PastPiece>} */
  #played = new WeakSet()
  /** @type {(() => void) | undefined} */
  #stopTicking
  #stopListening
  /** When there was something to play, or nothing was wanted. */
  #heardAtMs = performance.now()

  /**
   * @param {string} topic Such as `audio/main`.
   * @param {object} options
   * @param {import('./past-playout.js').Playback} options.playback
   * @param {import('./speakers.js').Speakers} options.speakers
   * @param {AudioNode} [options.destination] Default: the speakers themselves.
   */
  constructor(topic, { playback, speakers, destination }) {
    this.#playback = playback
    this.#speakers = speakers
    this.#destination = destination
    this.#playout = new PastPlayout(playback, topic.replace(/^\w+\//, 'video/'))
    this.#tiles = new SoundTiles(topic, () => this.#fill())
    this.#stopListening = playback.clock.onChange(() => this.#begin())
    this.#begin()
  }

  /**
   * How it is doing: `resting` while time stands still, `fast` while it goes too fast to be heard, `none` where there is
   * no sound, `stuttering` while it is not here in time, `offline` without the server.
   */
  get state() {
    const { isRunning, speed } = this.#playback.clock
    if (!isRunning) return 'resting'
    if (speed > MOST_SPEED) return 'fast'
    if (performance.now() - this.#heardAtMs < SAID_AFTER_MS) return 'playing'
    if (!this.#tiles.isReached) return 'offline'
    return this.#tiles.has(this.#cameAt(performance.now())) ? 'none' : 'stuttering'
  }

  /** How loud the stream is: the root of the mean square, and the largest sample, 0 to 1. */
  get level() {
    return this.#player?.level ?? NO_LEVEL
  }

  set volume(/** @type {number} */ volume) {
    this.#volume = volume
    if (this.#opening) this.#opening.volume = volume
  }

  /** Ends it. */
  close() {
    this.#stopListening()
    this.#tiles.rest()
    this.#rest()
  }

  /** Time goes on from elsewhere, at another speed, or no more. */
  #begin() {
    this.#silence()
    this.#tiles.rest()
    this.#heardAtMs = performance.now()
    const { isRunning, speed } = this.#playback.clock
    if (!isRunning || speed > MOST_SPEED) return this.#rest()
    void this.#speakers.wake()
    this.#stopTicking ??= this.#speakers.onTick(() => this.#fill())
    this.#fill()
  }

  #rest() {
    this.#silence()
    this.#stopTicking?.()
    this.#stopTicking = undefined
  }

  #silence() {
    this.#opening?.close()
    this.#opening = this.#player = undefined
    this.#played = new WeakSet()
  }

  /** When what is due at a time of the page had come. @param {number} pageMs */
  #cameAt(pageMs) {
    const { transit } = this.#playout
    const time = this.#playout.timeDueAt(pageMs)
    return transit === undefined ? this.#playback.clock.timeAt(pageMs) : time + transit
  }

  /** Hands over what is due soon. */
  #fill() {
    if (!this.#stopTicking) return
    const nowMs = performance.now()
    const ahead = AHEAD_SECONDS * this.#playout.speed
    const cameAt = this.#cameAt(nowMs)
    const [from, to] = [cameAt - JITTER_SECONDS, cameAt + ahead + JITTER_SECONDS]
    this.#tiles.want({ from, to }, this.#playout.speed, this.#playback.kept())
    const due = this.#playout.timeDueAt(nowMs)
    for (const piece of this.#tiles.pieces(from, to)) {
      const { time, left, right, rate, recordedAt } = piece
      this.#playout.transit ??= recordedAt - time
      const end = time + left.length / rate
      if (end < due || time > due + ahead) continue
      this.#heardAtMs = nowMs
      if (this.#played.has(piece)) continue
      if (!this.#player) return this.#open()
      this.#played.add(piece)
      this.#player.play({ ...piece, left: left.slice(), right: right.slice() })
    }
  }

  #open() {
    if (this.#opening) return
    const player = new SoundPlayer(this.#speakers, this.#playout, { destination: this.#destination })
    player.volume = this.#volume
    this.#opening = player
    void player.opened.then(() => {
      // Time may have jumped meanwhile.
      if (this.#opening !== player) return
      this.#player = player
      this.#fill()
    })
  }
}
