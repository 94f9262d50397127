import { ScheduledOutlet } from './scheduled-outlet.js'
import { WorkletOutlet } from './worklet-outlet.js'

/** How often it is looked at when the speakers play what. */
const TICK_MS = 100
/** The last readings, of which the middle one counts: each may be off by what the speakers take at once. */
const READINGS = 31
/** Readings that are off by more are those of other speakers, or of a machine that slept. */
const JUMP_MS = 60
const READINGS_OF_A_JUMP = 5

/**
 * The speakers of a page: one audio context, in which all streams are mixed, and when what it plays is heard by the page's
 * own clock.
 */
export class Speakers {
  #context
  /** @type {number[]} */
  #offsetsMs = []
  #offsetMs = 0
  #jumped = 0
  /** @type {Promise<typeof WorkletOutlet | typeof ScheduledOutlet> | undefined} */
  #outlets
  #ticking
  /** @type {Set<() => void>} */
  #listeners = new Set()

  /** @param {AudioContext} [context] To be made, or resumed, in answer to a click or key: else it stays silent. */
  constructor(context = new AudioContext({ latencyHint: 'interactive' })) {
    this.#context = context
    context.addEventListener('statechange', () => this.#begin())
    this.#begin()
    this.#ticking = setInterval(() => this.#read(), TICK_MS)
  }

  /** The audio context. */
  get context() {
    return this.#context
  }

  /** Whether sound can be heard; false where the browser waits for a click. */
  get isOn() {
    return this.#context.state === 'running'
  }

  /** How long what is played now takes until it is heard, in milliseconds. */
  get latencyMs() {
    return Math.max(0, this.heardMs(this.#context.currentTime) - performance.now())
  }

  /** When a time of the context is heard, in the page's own time in milliseconds. @param {number} contextTime Seconds. */
  heardMs(contextTime) {
    return contextTime * 1000 + this.#offsetMs
  }

  /** Lets sound be heard; to be called in answer to a click or key. */
  async wake() {
    await this.#context.resume()
  }

  /** Calls `listener` whenever sound goes on or off. @param {() => void} listener @returns {() => void} Ends this. */
  onChange(listener) {
    this.#context.addEventListener('statechange', listener)
    return () => this.#context.removeEventListener('statechange', listener)
  }

  /** Calls `listener` soon, and then often, while a stream is open. @param {() => void} listener @returns {() => void} Ends this. */
  onTick(listener) {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Opens what plays one stream; its `node` is to be connected. */
  async openOutlet() {
    const { audioWorklet } = this.#context
    this.#outlets ??= audioWorklet
      ? WorkletOutlet.load(this.#context).then(
          () => WorkletOutlet,
          () => ScheduledOutlet,
        )
      : Promise.resolve(ScheduledOutlet)
    const Outlet = await this.#outlets
    return { outlet: new Outlet(this.#context), aheadMs: Outlet.aheadMs }
  }

  /** Ends all sound. */
  async close() {
    clearInterval(this.#ticking)
    this.#listeners.clear()
    await this.#context.close()
  }

  /** What was read before sound went on, or off, says nothing of later. */
  #begin() {
    this.#offsetsMs = []
    this.#read()
  }

  #read() {
    const { contextTime = 0, performanceTime = 0 } = this.#context.getOutputTimestamp?.() ?? {}
    // Browsers that cannot tell say nothing, or 0.
    const offsetMs =
      contextTime > 0 && performanceTime > 0
        ? performanceTime - contextTime * 1000
        : performance.now() + ((this.#context.outputLatency || 0) - this.#context.currentTime) * 1000
    if (Math.abs(offsetMs - this.#offsetMs) > JUMP_MS) this.#jumped += 1
    else this.#jumped = 0
    if (this.#jumped >= READINGS_OF_A_JUMP) this.#offsetsMs = []
    this.#offsetsMs.push(offsetMs)
    if (this.#offsetsMs.length > READINGS) this.#offsetsMs.shift()
    const sorted = [...this.#offsetsMs].sort((one, other) => one - other)
    this.#offsetMs = sorted[sorted.length >> 1]
    for (const listener of this.#listeners) listener()
  }
}
