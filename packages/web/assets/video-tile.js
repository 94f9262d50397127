import { make, makeIcon, say } from './elements.js'
import { PictureStream } from './picture-stream.js'
import { watchSight } from './sight.js'

/** No new picture for this long is worth a word. */
const STILL_MS = 3000
const ENLARGE = 'M4 7.5V4h3.5M12.5 4H16v3.5M16 12.5V16h-3.5M7.5 16H4v-3.5'
/** Pixels of what is kept of a picture out of sight. */
const KEPT_WIDTH = 320

/** A video stream of the dashboard, which can be enlarged. */
export class VideoTile {
  element = make('figure', 'tile still')
  #caption = make('span', 'rate')
  #button = make('button', 'chip')
  #canvas = /** @type {HTMLCanvasElement} */ (make('canvas'))
  #context = this.#canvas.getContext('bitmaprenderer')
  #topic
  /** @type {PictureStream | undefined} */
  #stream
  /** Whether it keeps its connection while it is out of sight. */
  #keepsOpen
  #paused = false
  #inSight = false
  #isShrunk = false
  #drawn = 0
  #drawnAtMs = performance.now()

  /** @param {string} topic @param {boolean} keepsOpen Whether it shows a picture before it is in sight, and stays connected. */
  constructor(topic, keepsOpen) {
    this.#topic = topic
    this.#keepsOpen = keepsOpen
    this.#canvas.dataset['topic'] = topic
    this.#canvas.setAttribute('role', 'img')
    this.#canvas.setAttribute('aria-label', `Live picture of ${topic}`)
    const frame = make('div', 'frame')
    frame.append(this.#canvas)
    this.#button.setAttribute('type', 'button')
    this.#button.append(makeIcon(ENLARGE))
    const caption = make('figcaption')
    caption.append(make('span', 'name', topic.replace(/^video\//, '')), this.#caption, this.#button)
    this.element.id = topic
    this.element.append(frame, caption)
    this.enlarged = false
    this.#button.addEventListener('click', () => (this.enlarged = !this.enlarged))
    frame.addEventListener('click', () => (this.enlarged = !this.enlarged))
    frame.addEventListener('dblclick', () => void this.element.requestFullscreen?.())
    watchSight(this.element, (inSight) => {
      this.#inSight = inSight
      this.#rest()
    })
    this.#rest()
  }

  set paused(/** @type {boolean} */ paused) {
    this.#paused = paused
    this.#rest()
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
    for (let at = this.element; at.parentElement && at !== document.body; at = at.parentElement) {
      for (const other of at.parentElement.children) {
        if (other !== at) /** @type {HTMLElement} */ (other).inert = enlarged
      }
    }
  }

  /** Says how many pictures were drawn since it was last told. */
  tell(/** @type {any} */ report) {
    const rests = this.#paused || !this.#inSight
    const still = !rests && performance.now() - this.#drawnAtMs > STILL_MS
    this.element.classList.toggle('still', still)
    const rate = still ? 'no picture' : `${this.#drawn} fps`
    const size = `${report.width}×${report.height}`
    say(this.#caption, this.#paused ? 'paused' : rests ? size : `${size} · ${rate}`)
    this.#drawn = 0
  }

  /** Asks for pictures only where they are seen, but for the first one. */
  #rest() {
    const hasPicture = this.#canvas.dataset['seq'] !== undefined
    // Only a new connection is sent once more what was the newest picture already.
    if (this.#inSight && this.#isShrunk) this.#close()
    const wanted = this.#inSight || (this.#keepsOpen && !hasPicture)
    if (wanted && !this.#stream) {
      const onPicture = (/** @type {import('./picture-stream.js').Picture} */ picture) => this.#draw(picture)
      this.#stream = new PictureStream(this.#topic, { onPicture, onReport: () => {}, onLink: () => {} })
    }
    if (!this.#inSight && hasPicture && !this.#paused) void this.#shrink()
    if (!wanted && !this.#keepsOpen) this.#close()
    const paused = this.#paused || !wanted
    if (this.#stream && this.#stream.paused !== paused) this.#stream.paused = paused
  }

  #close() {
    this.#stream?.close()
    this.#stream = undefined
    this.#isShrunk = false
  }

  /** @param {import('./picture-stream.js').Picture} picture */
  #draw({ bitmap, width, height, seq }) {
    this.#put(bitmap)
    this.#canvas.style.setProperty('--ratio', String(width / height))
    this.#canvas.dataset['seq'] = String(seq)
    this.#drawn += 1
    this.#drawnAtMs = performance.now()
    this.element.classList.remove('still')
    if (!this.#inSight) this.#rest()
  }

  /** @param {ImageBitmap} bitmap */
  #put(bitmap) {
    if (this.#canvas.width !== bitmap.width) this.#canvas.width = bitmap.width
    if (this.#canvas.height !== bitmap.height) this.#canvas.height = bitmap.height
    this.#context?.transferFromImageBitmap(bitmap)
  }

  /** Large pictures of many streams would fill the memory. */
  async #shrink() {
    if (this.#canvas.width <= KEPT_WIDTH) return
    const small = await createImageBitmap(this.#canvas, { resizeWidth: KEPT_WIDTH }).catch(() => undefined)
    if (!small || this.#inSight) return small?.close()
    this.#put(small)
    this.#isShrunk = true
  }
}
