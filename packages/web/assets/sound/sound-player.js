/** Samples of which the level is measured: about 40 ms. */
const MEASURED = 2048

/**
 * When each piece is due: live, or at a moment of the past that goes on.
 *
 * @typedef {object} Playout
 * @property {boolean} isReady
 * @property {number} speed How many times faster than it was made.
 * @property {(pageMs: number) => number} timeDueAt Its own time, in seconds since the Unix epoch.
 * @property {(kind: string, time: number, spareMs: number) => void} arrived
 */

/**
 * Plays one stream of sound: each piece at its time plus the delay of its publisher's playout clock. Any number of them
 * share the speakers, and are mixed there.
 */
export class SoundPlayer {
  #speakers
  #playout
  #gain
  #analyser
  #samples = new Float32Array(MEASURED)
  /** @type {import('./worklet-outlet.js').WorkletOutlet | import('./scheduled-outlet.js').ScheduledOutlet | undefined} */
  #outlet
  #aheadMs = 0
  #stopTicking
  #isClosed = false
  /** Resolves once it plays what it is handed; what comes before is lost. */
  opened

  /**
   * @param {import('./speakers.js').Speakers} speakers
   * @param {Playout} playout That of the publisher, also for its pictures.
   * @param {{ destination?: AudioNode }} [options] Default: the speakers themselves.
   */
  constructor(speakers, playout, { destination } = {}) {
    const { context } = speakers
    this.#speakers = speakers
    this.#playout = playout
    this.#analyser = new AnalyserNode(context, { fftSize: MEASURED })
    this.#gain = new GainNode(context)
    this.#analyser.connect(this.#gain).connect(destination ?? context.destination)
    this.#stopTicking = speakers.onTick(() => this.#sync())
    this.opened = this.#open()
  }

  /** How it is doing; nothing at first. */
  get report() {
    return this.#outlet?.report
  }

  /** 0 to 1: how loud it is played. */
  set volume(/** @type {number} */ volume) {
    // As ears hear: half of the way is about half as loud.
    this.#gain.gain.setTargetAtTime(volume ** 2, this.#speakers.context.currentTime, 0.02)
  }

  /** How loud the stream is before its volume: the root of the mean square, and the largest sample, 0 to 1. */
  get level() {
    this.#analyser.getFloatTimeDomainData(this.#samples)
    let squares = 0
    let peak = 0
    for (const sample of this.#samples) {
      squares += sample * sample
      peak = Math.max(peak, Math.abs(sample))
    }
    return { rms: Math.sqrt(squares / MEASURED), peak: Math.min(peak, 1) }
  }

  /** Plays a piece at its time. @param {import('./sound-pieces.js').SoundPiece} piece Its samples are gone afterwards. */
  play(piece) {
    this.#playout.arrived('audio', piece.time, this.#speakers.latencyMs + this.#aheadMs)
    this.#outlet?.push(piece)
  }

  /** Ends it. */
  close() {
    this.#isClosed = true
    this.#stopTicking()
    this.#outlet?.close()
    this.#gain.disconnect()
  }

  async #open() {
    const { outlet, aheadMs } = await this.#speakers.openOutlet()
    if (this.#isClosed) return outlet.close()
    this.#outlet = outlet
    this.#aheadMs = aheadMs
    outlet.node.connect(this.#analyser)
    this.#sync()
  }

  /** Says which time is due. */
  #sync() {
    const { currentTime } = this.#speakers.context
    const { isReady, speed } = this.#playout
    if (!isReady) return
    const due = this.#playout.timeDueAt(this.#speakers.heardMs(currentTime))
    this.#outlet?.sync(due - currentTime * speed, speed)
  }
}
