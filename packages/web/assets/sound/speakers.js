import { ScheduledOutlet } from './scheduled-outlet.js'
import { WorkletOutlet } from './worklet-outlet.js'

/** How often it is looked at when the speakers play what. */
const TICK_MS = 100
/** The last readings, of which the middle one counts: each may be off by what the speakers take at once. */
const READINGS = 31
/** Readings that are off by more are those of other speakers, or of a machine that slept. */
const JUMP_MS = 60
const READINGS_OF_A_JUMP = 5
/** Clocks that are read one after the other differ by this much at the most. */
const SAME_MS = 1.5

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
  /** @type {Set<() => void>} */
  #listeners = new Set()

  /** @param {AudioContext} [context] To be made, or resumed, in answer to a click or key: else it stays silent. */
  constructor(context = new AudioContext({ latencyHint: 'interactive' })) {
    this.#context = context
    context.addEventListener('statechange', () => this.#begin())
    this.#begin()
    setInterval(() => {
      if (this.#listeners.size > 0) this.#read()
    }, TICK_MS)
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

  /**
   * Calls `listener` often, while its stream is open. Without any, the speakers rest until they are woken again.
   *
   * @param {() => void} listener
   * @returns {() => void} Ends this.
   */
  onTick(listener) {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) void this.#context.suspend()
    }
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

  /** What was read before sound went on, or off, says nothing of later. */
  #begin() {
    this.#offsetsMs = []
    this.#read()
  }

  #read() {
    const offsetMs = readOffset(this.#context)
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

/** Milliseconds from a time of the context to when it is heard, in the page's own time. @param {AudioContext} context */
function readOffset(context) {
  const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp?.() ?? {}
  const renderedMs = performance.now() - context.currentTime * 1000
  const outputMs = performanceTime - contextTime * 1000
  // Browsers that cannot tell say nothing, or 0; Firefox says when it is rendered (measured with 153).
  const tells = contextTime > 0 && performanceTime > 0 && Math.abs(outputMs - renderedMs) > SAME_MS
  return tells ? outputMs : renderedMs + (context.outputLatency || 0) * 1000
}
