import { SoundReader } from './sound-reader.js'

const TICK_MS = 25
/** What is scheduled ahead: the page's thread may be busy for so long. */
const AHEAD_SECONDS = 0.12
const FRAMES = 1024

/**
 * Plays one stream where there is no audio worklet, which browsers have in secure pages only (https, or this machine): in
 * short buffers that follow one another exactly.
 */
export class ScheduledOutlet {
  static aheadMs = AHEAD_SECONDS * 1000 + 40
  node
  #context
  #reader
  #ticking
  #base = Number.NaN
  #speed = 1
  /** The frame of the context with which the next buffer begins. */
  #next = 0

  /** @param {BaseAudioContext} context */
  constructor(context) {
    this.#context = context
    this.node = context.createGain()
    this.#reader = new SoundReader(context.sampleRate)
    this.#ticking = setInterval(() => this.#fill(), TICK_MS)
  }

  /** How it is doing. */
  get report() {
    return this.#reader.report()
  }

  /** @param {import('./sound-pieces.js').SoundPiece} piece */
  push(piece) {
    this.#reader.push(piece)
  }

  /**
   * @param {number} base Seconds that the time of what is due is ahead of that of the context times the speed.
   * @param {number} speed
   */
  sync(base, speed) {
    this.#base = base
    this.#speed = speed
  }

  close() {
    clearInterval(this.#ticking)
    this.node.disconnect()
  }

  #fill() {
    const { currentTime, sampleRate } = this.#context
    const now = Math.ceil(currentTime * sampleRate)
    if (this.#next < now) this.#next = now + FRAMES / 2
    while (this.#next < now + AHEAD_SECONDS * sampleRate) {
      const buffer = new AudioBuffer({ length: FRAMES, numberOfChannels: 2, sampleRate })
      const at = this.#next / sampleRate
      const [left, right] = [buffer.getChannelData(0), buffer.getChannelData(1)]
      this.#reader.read(left, right, at * this.#speed + this.#base, this.#speed)
      const source = new AudioBufferSourceNode(this.#context, { buffer })
      source.connect(this.node)
      source.start(at)
      this.#next += FRAMES
    }
  }
}
