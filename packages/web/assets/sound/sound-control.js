import { MOST_SPEED, PastSound } from './past-sound.js'
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
  resting: '',
  fast: `Heard up to ${MOST_SPEED}×`,
  none: 'No sound here',
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
  /** What is heard, or would be: what comes now, or the past. @type {SoundStream | PastSound | undefined} */
  #stream
  #isOn = false
  /** @type {PlayoutClock | undefined} */
  #playout
  /** @type {import('./speakers.js').Speakers | undefined} */
  #speakers
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #showing
  #turnedOnMs = 0
  #isPaused = false
  /** @type {import('./past-playout.js').Playback | undefined} */
  #past

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
    const what = topic.startsWith('voice/') ? `the voices of ${name}` : name
    this.#meter = new LevelMeter(`Level of ${what}`)
    this.element.setAttribute('role', 'group')
    this.element.setAttribute('aria-label', `Sound of ${what}`)
    this.element.dataset['topic'] = topic
    this.#button.type = 'button'
    this.#button.addEventListener('click', () => this.toggle())
    if (key !== undefined) this.#button.setAttribute('aria-keyshortcuts', key.toUpperCase())
    this.#hint = key === undefined ? '' : ` (${key})`
    this.#state.setAttribute('role', 'status')
    this.#setUpVolume(what)
    this.element.append(this.#button, this.#volume, this.#meter.element, this.#state)
    this.#show()
  }

  /** What pictures have to follow while there is sound. */
  get playout() {
    return this.#playout
  }

  /** Turns sound on, or off; to be called in answer to a click or key. */
  toggle() {
    if (this.#stream && this.#isBlocked) return void this.#page.wake()
    this.#isOn = !this.#isOn
    this.#open()
  }

  /** Whether it rests with the pictures; afterwards it goes on if it was on before. */
  set paused(/** @type {boolean} */ paused) {
    if (paused === this.#isPaused) return
    this.#isPaused = paused
    this.#open()
  }

  /** The past that is heard in place of what comes now. @param {import('./past-playout.js').Playback | undefined} past */
  set past(past) {
    if (past === this.#past) return
    this.#past = past
    this.#open()
  }

  /** Ends it. */
  close() {
    this.#close()
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

  /** Plays what is wanted now, and nothing else. */
  #open() {
    this.#close()
    if (this.#isOn && !this.#isPaused) {
      try {
        this.#play(this.#page.wake())
      } catch {
        this.#isOn = false
        say(this.#state, STATES['missing'])
      }
    }
    this.#show()
  }

  /** @param {import('./speakers.js').Speakers} speakers */
  #play(speakers) {
    const { clock, volume } = this.#page
    this.#speakers = speakers
    if (this.#past) this.#stream = new PastSound(this.#topic, { playback: this.#past, speakers })
    else {
      this.#playout = new PlayoutClock(clock, this.#delayMs)
      this.#stream = new SoundStream(this.#topic, { speakers, clock, playout: this.#playout })
      this.#onPlayout(this.#playout)
    }
    this.#stream.volume = volume
    this.#volume.value = String(volume * 100)
    this.#turnedOnMs = performance.now()
    this.#showing = setInterval(() => this.#showLevel(), SHOWN_EACH_MS)
  }

  #close() {
    if (!this.#stream) return
    clearInterval(this.#showing)
    this.#stream.close()
    this.#stream = this.#playout = undefined
    this.#meter.clear()
    say(this.#state, '')
    this.#onPlayout(undefined)
  }

  #show() {
    const isOn = this.#isOn
    this.element.dataset['sound'] = isOn ? 'on' : 'off'
    const label = isOn ? 'Mute' : OFF
    this.#button.setAttribute('aria-label', label)
    this.#button.title = `${label}${this.#hint}`
    this.#text.hidden = isOn
    this.#button.replaceChildren(makeIcon(isOn ? ICONS.on : ICONS.off), this.#text)
    this.#volume.hidden = !isOn
    this.#meter.element.hidden = !isOn
  }

  /** Whether the browser waits for a click; speakers that are not used rest. */
  get #isBlocked() {
    return this.#speakers?.isOn === false && !['resting', 'fast'].includes(this.#stream?.state ?? '')
  }

  #showLevel() {
    if (!this.#stream || document.hidden) return
    const isStarting = performance.now() - this.#turnedOnMs < BLOCKED_AFTER_MS
    const state = isStarting ? 'playing' : this.#isBlocked ? 'blocked' : this.#stream.state
    say(this.#state, STATES[state])
    this.#meter.show(['playing', 'stuttering'].includes(state) ? this.#stream.level.peak : 0)
  }
}
