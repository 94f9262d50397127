import { make, makeIcon, say } from '../page/elements.js'
import { LevelMeter } from './level-meter.js'
import { PlayoutClock } from './playout-clock.js'
import { SoundStream } from './sound-stream.js'

const SHOWN_EACH_MS = 100
/** A browser that lets sound be heard does so within this time. */
const BLOCKED_AFTER_MS = 600
const OFF = 'Sound off, click to hear'
const SPEAKER = 'M3.5 8v4h3l4 3.5v-11l-4 3.5z'
const ICONS = {
  off: `${SPEAKER}M13.5 8l4 4M17.5 8l-4 4`,
  on: `${SPEAKER}M13.5 7.5a4 4 0 0 1 0 5M16 5.5a7 7 0 0 1 0 9`,
}
/** What is said of a stream that is on but not heard. @type {Record<string, string>} */
const STATES = {
  playing: '',
  silent: 'No sound comes',
  stuttering: 'Too little comes in time',
  offline: 'Not reachable',
  blocked: 'The browser blocks sound, click to hear',
  missing: 'This browser plays no sound',
}

/**
 * The controls of one stream of sound: off until a click, then how loud it is to be and how loud it is. While it is off
 * nothing of it is sent.
 */
export class SoundControl {
  element = make('div', 'sound')
  #topic
  #page
  #delayMs
  #onPlayout
  #hint
  #button = make('button', 'sound-button')
  #text = make('span', 'sound-text', 'Sound off')
  #volume = make('input', 'sound-volume')
  #meter
  #state = make('span', 'sound-state')
  /** @type {SoundStream | undefined} */
  #stream
  /** @type {PlayoutClock | undefined} */
  #playout
  /** @type {import('./speakers.js').Speakers | undefined} */
  #speakers
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #showing
  #turnedOnMs = 0
  #isPaused = false
  #wasOn = false

  /**
   * @param {string} topic Such as `audio/main`.
   * @param {object} options
   * @param {import('./page-sound.js').PageSound} options.page
   * @param {string} [options.key] The key of the page that turns it on and off. Default none.
   * @param {number} options.delayMs When sound and pictures are due after their time, where all comes soon enough.
   * @param {(playout: PlayoutClock | undefined) => void} [options.onPlayout] Called with the clock that pictures have to
   *   follow while there is sound, and with none when it ends.
   */
  constructor(topic, { page, key, delayMs, onPlayout = () => {} }) {
    this.#topic = topic
    this.#page = page
    this.#delayMs = delayMs
    this.#onPlayout = onPlayout
    const name = topic.replace(/^\w+\//, '')
    this.#meter = new LevelMeter(`Level of ${name}`)
    this.element.setAttribute('role', 'group')
    this.element.setAttribute('aria-label', `Sound of ${name}`)
    this.element.dataset['topic'] = topic
    this.#button.type = 'button'
    this.#button.addEventListener('click', () => this.toggle())
    if (key !== undefined) this.#button.setAttribute('aria-keyshortcuts', key.toUpperCase())
    this.#hint = key === undefined ? '' : ` (${key})`
    this.#state.setAttribute('role', 'status')
    this.#setUpVolume(name)
    this.element.append(this.#button, this.#volume, this.#meter.element, this.#state)
    this.#show()
  }

  /** Whether sound is received. */
  get isOn() {
    return this.#stream !== undefined
  }

  /** What pictures have to follow while there is sound. */
  get playout() {
    return this.#playout
  }

  /** Turns sound on, or off; to be called in answer to a click or key. */
  toggle() {
    if (this.#stream && this.#speakers && !this.#speakers.isOn) this.#page.wake()
    else if (this.#stream) this.#turnOff()
    else this.#turnOn()
    this.#show()
  }

  /** Whether it rests with the pictures; afterwards it goes on if it was on before. */
  set paused(/** @type {boolean} */ paused) {
    if (paused === this.#isPaused) return
    this.#isPaused = paused
    if (paused) {
      this.#wasOn = this.isOn
      this.#turnOff()
    } else if (this.#wasOn && !this.isOn) this.#turnOn()
    this.#show()
  }

  /** Ends it. */
  close() {
    this.#turnOff()
    this.element.remove()
  }

  /** @param {string} name */
  #setUpVolume(name) {
    const volume = this.#volume
    volume.type = 'range'
    volume.max = '100'
    volume.value = String(this.#page.volume * 100)
    volume.title = 'Volume'
    volume.setAttribute('aria-label', `Volume of ${name}`)
    volume.addEventListener('input', () => {
      this.#page.volume = Number(volume.value) / 100
      if (this.#stream) this.#stream.volume = this.#page.volume
    })
  }

  #turnOn() {
    try {
      this.#speakers = this.#page.wake()
    } catch {
      return say(this.#state, STATES['missing'])
    }
    const { clock, volume } = this.#page
    const playout = new PlayoutClock(clock, this.#delayMs)
    this.#playout = playout
    this.#stream = new SoundStream(this.#topic, { speakers: this.#speakers, clock, playout })
    this.#stream.volume = volume
    this.#volume.value = String(volume * 100)
    this.#turnedOnMs = performance.now()
    this.#onPlayout(playout)
    this.#showing = setInterval(() => this.#showLevel(), SHOWN_EACH_MS)
  }

  #turnOff() {
    if (!this.#stream) return
    clearInterval(this.#showing)
    this.#stream.close()
    this.#stream = this.#playout = undefined
    this.#meter.clear()
    say(this.#state, '')
    this.#onPlayout(undefined)
  }

  #show() {
    const { isOn } = this
    this.element.dataset['sound'] = isOn ? 'on' : 'off'
    const label = isOn ? 'Mute' : OFF
    this.#button.setAttribute('aria-label', label)
    this.#button.title = `${label}${this.#hint}`
    this.#text.hidden = isOn
    this.#button.replaceChildren(makeIcon(isOn ? ICONS.on : ICONS.off), this.#text)
    this.#volume.hidden = !isOn
    this.#meter.element.hidden = !isOn
  }

  #showLevel() {
    if (!this.#stream || document.hidden) return
    const isStarting = performance.now() - this.#turnedOnMs < BLOCKED_AFTER_MS
    const isBlocked = this.#speakers?.isOn !== true && !isStarting
    const state = isBlocked ? 'blocked' : isStarting ? 'playing' : this.#stream.state
    say(this.#state, STATES[state])
    this.#meter.show(['playing', 'stuttering'].includes(state) ? this.#stream.level.peak : 0)
  }
}
