import { element } from '../../page/elements.js'
import { PlayoutClock } from '../../sound/playout-clock.js'
import { SoundStream } from '../../sound/sound-stream.js'

/**
 * All that is heard in the room: what is on air, in step with its pictures, guests' microphones and voices. One button and
 * one volume are for all of it; nothing is sent to a page that is muted.
 *
 * @typedef {import('../../sound/page-sound.js').PageSound} PageSound
 */

/** Sound and pictures are due so long after their time, where all comes soon enough. */
const DELAY_MS = 150
/** A browser that lets sound be heard does so within this time. */
const BLOCKED_AFTER_MS = 700
const LOOKED_EACH_MS = 300

export class RoomSound {
  #page
  #picture
  #button = element('sound')
  #volume = /** @type {HTMLInputElement} */ (element('volume'))
  #hear = element('hear')
  #isWanted = false
  #wantedMs = 0
  #isHushed = false
  /** Topics that are to be heard. */
  #topics = new Set()
  /** @type {Map<string, SoundStream>} */
  #streams = new Map()
  #airTopic = ''
  /** @type {import('../../sound/speakers.js').Speakers | undefined} */
  #speakers
  /** Lets the speakers rest. @type {(() => void) | undefined} */
  #release

  /** @param {PageSound} page @param {import('./stage-picture.js').StagePicture} picture */
  constructor(page, picture) {
    this.#page = page
    this.#picture = picture
    this.#volume.value = String(page.volume * 100)
    this.#showVolume()
    this.#button.addEventListener('click', () => this.toggle())
    this.#hear.addEventListener('click', () => {
      this.turnOn()
      this.#button.focus()
    })
    this.#volume.addEventListener('input', () => {
      page.volume = Number(this.#volume.value) / 100
      this.#showVolume()
      if (!this.#isWanted && page.volume > 0) this.turnOn()
    })
    setInterval(() => this.#look(), LOOKED_EACH_MS)
  }

  /** The speakers, once sound was turned on. */
  get speakers() {
    return this.#isWanted ? this.#speakers : undefined
  }

  /** 0 to 1; 0 while it is muted. */
  get volume() {
    return this.#isWanted && !this.#isHushed ? this.#page.volume : 0
  }

  /** Turns sound on; heard at once in answer to a click or key, else when the browser lets it. */
  turnOn() {
    try {
      this.#speakers = this.#page.wake()
    } catch {
      // A browser without sound.
      return
    }
    this.#isWanted = true
    this.#wantedMs = performance.now()
    // Voices may come at any time: the speakers do not rest meanwhile.
    this.#release ??= this.#speakers.onTick(() => {})
    this.#update()
  }

  /** Turns sound on or off. */
  toggle() {
    if (this.#isWanted && this.#speakers?.isOn) {
      this.#isWanted = false
      this.#update()
      this.#release?.()
      this.#release = undefined
    } else this.turnOn()
  }

  /** Nothing is heard for a while, as while a clip is recorded. @param {boolean} isHushed */
  hush(isHushed) {
    this.#isHushed = isHushed
    this.#showVolume()
  }

  /** What there is to hear. @param {string | undefined} air The topic of what is on air. @param {readonly string[]} others */
  offer(air, others) {
    this.#airTopic = air ?? ''
    this.#topics = new Set(air === undefined ? others : [air, ...others])
    this.#update()
  }

  #update() {
    this.#button.setAttribute('aria-pressed', String(this.#isWanted))
    for (const [topic, stream] of this.#streams) {
      if (this.#isWanted && this.#topics.has(topic)) continue
      stream.close()
      this.#streams.delete(topic)
      if (this.#picture.soundTopic === topic) this.#picture.follow(undefined)
    }
    if (this.#isWanted) for (const topic of this.#topics) if (!this.#streams.has(topic)) this.#open(topic)
    this.#look()
  }

  /** @param {string} topic */
  #open(topic) {
    if (!this.#speakers) return
    const { clock } = this.#page
    const playout = new PlayoutClock(clock, DELAY_MS)
    const stream = new SoundStream(topic, { speakers: this.#speakers, clock, playout })
    stream.volume = this.volume
    this.#streams.set(topic, stream)
    if (topic === this.#airTopic) this.#picture.follow({ topic, playout })
  }

  #showVolume() {
    this.#volume.style.setProperty('--filled', `${this.#volume.value}%`)
    for (const stream of this.#streams.values()) stream.volume = this.volume
  }

  /** Whether the browser waits for a click. */
  #look() {
    const isLate = performance.now() - this.#wantedMs > BLOCKED_AFTER_MS
    this.#hear.hidden = !(this.#isWanted && isLate && !this.#speakers?.isOn)
  }
}
