import { make } from '../page/elements.js'

/** Pixels of what is kept of a picture that nobody sees. */
const KEPT_WIDTH = 320

/** Where the pictures of a stream are drawn, in whatever place: in the shape of the newest one. */
export class PictureCanvas {
  element
  #context
  #drawn = 0
  #drawnAtMs = Number.NEGATIVE_INFINITY
  #isShrunk = false

  /** @param {HTMLCanvasElement} [canvas] One of the page's; default a new one. */
  constructor(canvas = make('canvas')) {
    this.element = canvas
    this.#context = canvas.getContext('bitmaprenderer')
  }

  /** Pictures drawn so far. */
  get drawn() {
    return this.#drawn
  }

  /** Milliseconds since the newest was drawn; Infinity where there is none. */
  get heldMs() {
    return performance.now() - this.#drawnAtMs
  }

  /** How wide it is shown, in pixels of the screen. */
  get shownWidth() {
    return this.element.clientWidth * devicePixelRatio
  }

  /** Whether only a small copy of the picture is left. */
  get isShrunk() {
    return this.#isShrunk
  }

  /** Takes the picture. @param {import('./picture-stream.js').Picture} picture @returns {boolean} Whether it is of another size than the one before. */
  draw({ bitmap, width, height, seq }) {
    const resized = this.#put(bitmap)
    this.element.style.setProperty('--ratio', String(width / height))
    this.element.dataset['seq'] = String(seq)
    this.#isShrunk = false
    this.#drawn += 1
    this.#drawnAtMs = performance.now()
    return resized || this.#drawn === 1
  }

  /** Keeps a small copy in place of the picture: large ones of many streams would fill the memory. @param {() => boolean} isUnseen Whether it still is to be small. */
  async shrink(isUnseen) {
    const { element } = this
    if (element.width <= KEPT_WIDTH || this.#drawn === 0) return
    const small = await createImageBitmap(element, { resizeWidth: KEPT_WIDTH }).catch(() => undefined)
    if (!small || !isUnseen()) return small?.close()
    this.#put(small)
    this.#isShrunk = true
  }

  /** Begins anew, without a picture. */
  clear() {
    this.#drawn = 0
    this.#drawnAtMs = Number.NEGATIVE_INFINITY
    this.#isShrunk = false
    delete this.element.dataset['seq']
  }

  /** @param {ImageBitmap} bitmap */
  #put(bitmap) {
    const { element } = this
    const resized = element.width !== bitmap.width || element.height !== bitmap.height
    if (element.width !== bitmap.width) element.width = bitmap.width
    if (element.height !== bitmap.height) element.height = bitmap.height
    this.#context?.transferFromImageBitmap(bitmap)
    return resized
  }
}
