import { make } from '../page/elements.js'
import { SoundControl } from '../sound/sound-control.js'

/** Streams of sound that are offered; those of further ones are in the table alone. */
const MAX_SOUNDS = 64

/** The sounds of a dashboard: each on the tile of the video of its name, or on a card of its own. */
export class SoundPanel {
  #container
  #tiles
  #page
  /** @type {Map<string, SoundControl>} */
  #controls = new Map()
  /** @type {Map<string, HTMLElement>} */
  #cards = new Map()
  #delayMs = 0
  /** @type {import('../sound/past-playout.js').Playback | undefined} */
  #past

  /**
   * @param {HTMLElement} container Of the cards.
   * @param {ReadonlyMap<string, import('./video-tile.js').VideoTile>} tiles By the topic of their video.
   * @param {import('../sound/page-sound.js').PageSound} page
   */
  constructor(container, tiles, page) {
    this.#container = container
    this.#tiles = tiles
    this.#page = page
  }

  /** The number of sounds that have a card. */
  get cards() {
    return this.#cards.size
  }

  /** Whether all of them rest, with the pictures. */
  set paused(/** @type {boolean} */ paused) {
    for (const control of this.#controls.values()) control.paused = paused
  }

  /** The past that is heard in place of what comes now. @param {import('../sound/past-playout.js').Playback | undefined} past */
  set past(past) {
    this.#past = past
    for (const control of this.#controls.values()) control.past = past
  }

  /** Offers what there is. @param {import('../../src/page/page-messages.ts').SoundReport} report */
  show({ streams, delayMs }) {
    this.#delayMs = delayMs
    this.offer(streams)
  }

  /** Offers these streams, of which some may be there already. @param {readonly string[]} streams */
  offer(streams) {
    for (const topic of streams) {
      if (!this.#controls.has(topic) && this.#controls.size < MAX_SOUNDS) this.#add(topic)
    }
    // The video may come later than its sound.
    for (const topic of this.#cards.keys()) if (this.#tileOf(topic)) this.#place(topic)
  }

  /** @param {string} topic */
  #add(topic) {
    const onPlayout = (
      /** @type {import('../sound/playout-clock.js').PlayoutClock | undefined} */ playout,
    ) => {
      const tile = this.#tileOf(topic)
      if (tile) tile.playout = playout
    }
    const control = new SoundControl(topic, { page: this.#page, delayMs: this.#delayMs, onPlayout })
    control.past = this.#past
    this.#controls.set(topic, control)
    this.#place(topic)
  }

  /** @param {string} topic */
  #place(topic) {
    const control = /** @type {SoundControl} */ (this.#controls.get(topic))
    const tile = this.#tileOf(topic)
    this.#cards.get(topic)?.remove()
    this.#cards.delete(topic)
    if (tile) {
      tile.addSound(control.element)
      tile.playout = control.playout
      return
    }
    const card = make('div', 'sound-card')
    card.id = topic
    card.append(make('span', 'name', topic.replace(/^\w+\//, '')), control.element)
    this.#cards.set(topic, card)
    this.#container.append(card)
  }

  /** @param {string} topic */
  #tileOf(topic) {
    return this.#tiles.get(topic.replace(/^\w+\//, 'video/'))
  }
}
