import { make, makeIcon, say } from '../page/elements.js'
import { watchSight } from '../page/sight.js'
import { formatSpan, formatTime } from '../page/times.js'
import { PictureStream } from '../stream/picture-stream.js'
import { PictureCanvas } from '../stream/picture-canvas.js'

/** No new picture for this long is worth a word. */
const STILL_MS = 3000
const ENLARGE = 'M4 7.5V4h3.5M12.5 4H16v3.5M16 12.5V16h-3.5M7.5 16H4v-3.5'

/** A video stream of the dashboard, which can be enlarged. */
export class VideoTile {
  element = make('figure', 'tile still')
  #caption = make('span', 'rate')
  #figcaption = make('figcaption')
  #button = make('button', 'chip')
  #picture = new PictureCanvas()
  #topic
  /** @type {PictureStream | undefined} */
  #stream
  #clock
  /** @type {import('../sound/playout-clock.js').PlayoutClock | undefined} */
  #playout
  /** Whether it keeps its connection while it is out of sight. */
  #keepsOpen
  #paused = false
  /** The moment of the past that is shown, if it is; seconds since the Unix epoch. @type {number | undefined} */
  #moment
  /** When the picture that is shown came. */
  #recordedAt = Number.NaN
  #onSight
  #inSight = false
  #toldDrawn = 0
  #madeAtMs = performance.now()

  /**
   * @param {string} topic
   * @param {object} options
   * @param {boolean} options.keepsOpen Whether it shows a picture before it is in sight, and stays connected.
   * @param {import('../sound/server-clock.js').ServerClock} options.clock
   * @param {() => void} [options.onSight] Called when it comes into sight or leaves it.
   */
  constructor(topic, { keepsOpen, clock, onSight }) {
    this.#onSight = onSight
    this.#topic = topic
    this.#clock = clock
    this.#keepsOpen = keepsOpen
    const { element: canvas } = this.#picture
    canvas.dataset['topic'] = topic
    canvas.setAttribute('role', 'img')
    canvas.setAttribute('aria-label', `Live picture of ${topic}`)
    const frame = make('div', 'frame')
    frame.append(canvas)
    this.#button.type = 'button'
    this.#button.append(makeIcon(ENLARGE))
    this.#figcaption.append(make('span', 'name', topic.replace(/^video\//, '')), this.#caption, this.#button)
    this.element.id = topic
    this.element.append(frame, this.#figcaption)
    this.enlarged = false
    this.#button.addEventListener('click', () => (this.enlarged = !this.enlarged))
    frame.addEventListener('click', () => (this.enlarged = !this.enlarged))
    frame.addEventListener('dblclick', () => void this.element.requestFullscreen?.())
    watchSight(this.element, (inSight) => {
      this.#inSight = inSight
      this.#rest()
      this.#onSight?.()
    })
    this.#rest()
  }

  /** Adds the controls of its sound. @param {HTMLElement} control */
  addSound(control) {
    this.#figcaption.append(control)
  }

  /** What its pictures follow while there is sound. @param {import('../sound/playout-clock.js').PlayoutClock | undefined} playout */
  set playout(playout) {
    this.#playout = playout
    if (this.#stream) this.#stream.playout = playout
  }

  set paused(/** @type {boolean} */ paused) {
    this.#paused = paused
    this.#rest()
  }

  get inSight() {
    return this.#inSight
  }

  /** How wide it is shown, in pixels of the screen; 0 where it is out of sight. */
  get shownWidth() {
    return this.#inSight ? this.#picture.shownWidth : 0
  }

  /** The moment of the past that it shows; live without one. @param {number | undefined} moment */
  set moment(moment) {
    const isOther = (moment === undefined) !== (this.#moment === undefined)
    this.#moment = moment
    if (moment === undefined) {
      this.#recordedAt = Number.NaN
      this.#toldDrawn = this.#picture.drawn
    }
    if (isOther) this.#rest()
    if (isOther && moment !== undefined) this.element.classList.remove('still')
    this.#tellPast()
  }

  /** Draws a picture of the past. @param {import('../history/past-socket.js').PastPicture} picture */
  drawPast(picture) {
    this.#recordedAt = picture.recordedAt
    this.#picture.draw(picture)
    this.element.classList.remove('is-missing')
    this.#tellPast()
  }

  /** Says that nothing is kept of it at the moment. @param {boolean} isMissing */
  set isMissing(/** @type {boolean} */ isMissing) {
    this.element.classList.toggle('is-missing', isMissing)
    if (isMissing) this.#recordedAt = Number.NaN
    this.#tellPast()
  }

  /** Whether it fills the page. */
  get enlarged() {
    return this.element.classList.contains('enlarged')
  }

  set enlarged(enlarged) {
    this.element.classList.toggle('enlarged', enlarged)
    const label = enlarged ? 'All streams' : `Enlarge ${this.#topic}`
    this.#button.setAttribute('aria-label', label)
    this.#button.title = label
    // What it covers can be neither seen nor used.
    for (
      let at = /** @type {Element} */ (this.element);
      at.parentElement && at !== document.body;
      at = at.parentElement
    ) {
      for (const other of at.parentElement.children) {
        const stays = other === at || other.classList.contains('timeline')
        if (!stays && other instanceof HTMLElement) other.inert = enlarged
      }
    }
  }

  /** Says how it is doing. @param {import('../../src/page/page-messages.ts').DashboardReport['streams'][number]} report */
  tell({ width, height, state, silentMs, newestTime }) {
    if (this.#moment !== undefined) return
    const rests = this.#paused || !this.#inSight
    const still = !rests && Math.min(this.#picture.heldMs, performance.now() - this.#madeAtMs) > STILL_MS
    const isGone = silentMs > STILL_MS || state === 'closed'
    this.element.classList.toggle('still', still || isGone)
    const drawn = this.#picture.drawn - this.#toldDrawn
    this.#toldDrawn = this.#picture.drawn
    const size = `${width}×${height}`
    const gone = `no picture for ${formatSpan(silentMs / 1000)}, since ${formatTime(newestTime)}`
    const rate = still ? 'no picture' : `${drawn} fps`
    say(this.#caption, this.#paused ? 'paused' : isGone ? gone : rests ? size : `${size} · ${rate}`)
  }

  #tellPast() {
    if (this.#moment === undefined) return this.element.classList.remove('is-missing')
    const isMissing = this.element.classList.contains('is-missing')
    const old = this.#moment - this.#recordedAt
    this.element.classList.toggle('still', isMissing || old > STILL_MS / 1000)
    const since = `no picture for ${formatSpan(old)}, since ${formatTime(this.#recordedAt)}`
    const when = old > STILL_MS / 1000 ? since : formatTime(this.#recordedAt)
    say(this.#caption, isMissing ? 'nothing kept of this moment' : Number.isNaN(old) ? '' : when)
  }

  /** Asks for pictures only where they are seen, but for the first one. */
  #rest() {
    const hasPicture = this.#picture.drawn > 0
    // Only a new connection is sent once more what was the newest picture already.
    if (this.#inSight && this.#picture.isShrunk) this.#close()
    const isPast = this.#moment !== undefined
    const wanted = !isPast && (this.#inSight || (this.#keepsOpen && !hasPicture))
    if (wanted && !this.#stream) {
      const onPicture = (/** @type {import('../stream/picture-stream.js').Picture} */ picture) =>
        this.#draw(picture)
      const listeners = { onPicture, onReport: () => {}, onLink: () => {} }
      this.#stream = new PictureStream(this.#topic, listeners, this.#clock)
      this.#stream.playout = this.#playout
    }
    if (!this.#inSight && hasPicture && !this.#paused && !isPast)
      void this.#picture.shrink(() => !this.#inSight)
    if (!wanted && !this.#keepsOpen) this.#close()
    const paused = this.#paused || !wanted
    if (this.#stream && this.#stream.paused !== paused) this.#stream.paused = paused
  }

  #close() {
    this.#stream?.close()
    this.#stream = undefined
  }

  /** @param {import('../stream/picture-stream.js').Picture} picture */
  #draw(picture) {
    // One that was on its way when the page went into the past.
    if (this.#moment !== undefined) return picture.bitmap.close()
    this.#picture.draw(picture)
    this.element.classList.remove('still')
    if (!this.#inSight) this.#rest()
  }
}
