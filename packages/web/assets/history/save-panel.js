import { addressOf } from '../page/address.js'
import { make, makeChoice, say } from '../page/elements.js'
import { formatLength } from './timeline-scale.js'

/** Saves a part of the past as a file: which form, of which stream. */

const NAMES = { mcap: 'MCAP, everything', mp4: 'MP4 of a video', csv: 'CSV of numbers' }
/** What each form holds one stream of. */
const KINDS = { mcap: '', mp4: 'video', csv: 'numbers' }

/** @typedef {keyof typeof NAMES} Format */

export class SavePanel {
  element = make('form', 'save-panel')
  #forms = make('span')
  #streams = make('span')
  #button = make('button', 'chip', 'Save')
  #told = make('span', 'told')
  #length = make('span', 'length')
  /** @type {Format} */
  #format = 'mcap'
  #topic = ''
  /** @type {readonly import('../../src/history/past-messages.ts').PastTopic[]} */
  #topics = []
  #formats = ''
  #span

  /** @param {() => import('./timeline-scale.js').Span} span What is to be saved. */
  constructor(span) {
    this.#span = span
    this.element.hidden = true
    this.element.setAttribute('aria-label', 'Save a part of the timeline')
    this.#button.type = 'submit'
    this.#told.setAttribute('role', 'status')
    this.element.append(this.#forms, this.#streams, this.#length, this.#button, this.#told)
    this.element.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#save()
    })
  }

  /** @param {readonly Format[]} formats @param {readonly import('../../src/history/past-messages.ts').PastTopic[]} topics */
  offer(formats, topics) {
    const key = `${formats.join()} ${topics.map(({ topic }) => topic).join()}`
    if (key === this.#formats) return
    this.#formats = key
    this.#topics = topics
    const offered = formats.filter((format) => KINDS[format] === '' || this.#of(format).length > 0)
    if (!offered.includes(this.#format)) this.#format = offered[0] ?? 'mcap'
    const names = Object.fromEntries(offered.map((format) => [format, NAMES[format]]))
    const choose = (/** @type {string} */ format) => {
      this.#format = /** @type {Format} */ (format)
      this.#offerStreams()
    }
    this.#forms.replaceChildren(makeChoice('Form of the file', names, this.#format, choose))
    this.#offerStreams()
  }

  /** Says how long it would be. */
  tell() {
    if (this.element.hidden) return
    const { from, to } = this.#span()
    say(this.#length, formatLength(to - from, true))
  }

  #offerStreams() {
    const topics = this.#of(this.#format)
    if (!topics.includes(this.#topic)) this.#topic = topics[0] ?? ''
    const names = Object.fromEntries(topics.map((topic) => [topic, topic]))
    const choose = (/** @type {string} */ topic) => (this.#topic = topic)
    this.#streams.replaceChildren(
      ...(topics.length > 0 ? [makeChoice('Stream to save', names, this.#topic, choose)] : []),
    )
  }

  /** @param {Format} format */
  #of(format) {
    return this.#topics.filter(({ kind }) => kind === KINDS[format]).map(({ topic }) => topic)
  }

  async #save() {
    const { from, to } = this.#span()
    const address = addressOf('history/save')
    address.searchParams.set('format', this.#format)
    address.searchParams.set('from', from.toFixed(6))
    address.searchParams.set('to', to.toFixed(6))
    if (KINDS[this.#format] !== '') address.searchParams.set('topic', this.#topic)
    this.#button.disabled = true
    say(this.#told, 'Saving')
    try {
      const response = await fetch(address, { method: 'POST' })
      if (!response.ok) return say(this.#told, (await response.text()).trim())
      /** @type {import('../../src/history/past-messages.ts').SavedSelection} */
      const { id, name, bytes } = await response.json()
      const link = make('a')
      const file = addressOf('history/saved')
      file.searchParams.set('id', id)
      link.href = file.href
      link.download = name
      link.click()
      say(this.#told, `${name}, ${formatBytes(bytes)}`)
    } catch {
      say(this.#told, 'Not reachable, try again')
    } finally {
      this.#button.disabled = false
    }
  }
}

/** @param {number} bytes */
function formatBytes(bytes) {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
