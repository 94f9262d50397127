import { make, say } from '../page/elements.js'
import { formatSpan } from '../page/times.js'
import { PictureCanvas } from '../stream/picture-canvas.js'
import { PictureStream } from '../stream/picture-stream.js'

/** No new picture for this long is worth a word. */
const SILENT_MS = 3000

/** One of several streams side by side: its picture, its name and how it is doing. */
export class GridTile {
  element = make('button', 'tile frame still')
  stream
  #picture = new PictureCanvas()
  #rate = make('span', 'tile-rate')
  #paused = false
  #inSight = true
  /** Whether it shows the past. */
  #isPast = false
  #onPicture

  /**
   * @param {string} topic
   * @param {{ onPicture: (aspect: number) => void } & Omit<import('../stream/picture-stream.js').Listeners, 'onPicture'>} listeners
   */
  constructor(topic, { onPicture, onReport, onLink }) {
    const label = make('span', 'tile-label')
    const name = topic.replace(/^video\//, '')
    // Named by what it shows: screen readers hear the rate as well.
    label.append(make('span', 'unseen', 'Enlarge '), make('span', 'tile-name', name), this.#rate)
    this.element.type = 'button'
    this.element.dataset['topic'] = topic
    this.element.title = 'Enlarge'
    this.element.append(this.#picture.element, label)
    this.#picture.element.hidden = true
    this.#onPicture = onPicture
    this.stream = new PictureStream(topic, {
      onPicture: (picture) => {
        if (!this.#isPast) this.draw(picture)
        else picture.bitmap.close()
      },
      onReport,
      onLink,
    })
  }

  get inSight() {
    return this.#inSight
  }

  /** How wide the picture is shown, in pixels of the screen; 0 where it is out of sight. */
  get shownWidth() {
    return this.#inSight ? this.#picture.shownWidth : 0
  }

  set isPast(/** @type {boolean} */ isPast) {
    this.#isPast = isPast
    this.#rest()
  }

  /** Nothing is kept of it at the moment. */
  set isMissing(/** @type {boolean} */ isMissing) {
    this.#picture.element.style.visibility = isMissing ? 'hidden' : ''
    if (this.#isPast) say(this.#rate, isMissing ? 'nothing kept' : '')
  }

  /** Draws a picture, live or of the past. @param {import('../stream/picture-stream.js').Picture} picture */
  draw(picture) {
    this.#picture.draw(picture)
    this.#picture.element.hidden = false
    this.#picture.element.style.visibility = ''
    this.element.classList.remove('still')
    this.#onPicture(picture.width / picture.height)
  }

  set paused(/** @type {boolean} */ paused) {
    this.#paused = paused
    this.#rest()
  }

  set inSight(/** @type {boolean} */ inSight) {
    this.#inSight = inSight
    this.#rest()
  }

  /** Shows how the stream is doing. @param {import('../../src/page/page-messages.ts').ReportMessage['streams'][number]} one */
  tell({ fps, lost, silentMs }) {
    if (this.#isPast) return
    const silent = this.#picture.heldMs > SILENT_MS && !this.#paused
    this.element.classList.toggle('still', silent)
    const rate = `${Math.round(fps)} fps${lost ? `, lost ${lost}` : ''}`
    say(
      this.#rate,
      !silent ? rate : this.#picture.drawn === 0 ? 'waiting' : `silent ${formatSpan(silentMs / 1000)}`,
    )
  }

  close() {
    this.stream.close()
    this.element.remove()
  }

  #rest() {
    const paused = this.#paused || this.#isPast || !this.#inSight
    if (this.stream.paused !== paused) this.stream.paused = paused
  }
}
