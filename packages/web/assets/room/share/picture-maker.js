/**
 * Makes JPEG pictures of what a camera or a screen shows at the moment, also while the page is hidden.
 *
 * @typedef {{ readonly tickMs: number }} TickRequest
 *
 * @typedef {object} PictureRequest
 * @property {ImageBitmap} bitmap
 * @property {number} width
 * @property {number} height
 * @property {number} jpeg The quality, 0 to 1.
 *
 * @typedef {{ readonly type: 'tick' } | { readonly type: 'picture', readonly bytes: ArrayBuffer | undefined }} Reply
 */

/** The largest picture: as wide and high, or as high and wide. */
const LONG = 1280
const SHORT = 720

export class PictureMaker {
  #video = document.createElement('video')
  #worker = new Worker(new URL('picture-worker.js', import.meta.url), { type: 'module' })
  /** Browsers that cannot encode in a worker do it here. */
  #canvas = typeof OffscreenCanvas === 'undefined' ? document.createElement('canvas') : undefined
  /** @type {((bytes: ArrayBuffer | undefined) => void) | undefined} */
  #onPicture

  /**
   * @param {MediaStream} stream
   * @param {number} tickMs
   * @param {() => void} onTick Called so often.
   */
  constructor(stream, tickMs, onTick) {
    this.#video.muted = true
    this.#video.playsInline = true
    this.#video.srcObject = stream
    this.#play()
    this.#worker.addEventListener('message', ({ data }) => {
      const reply = /** @type {Reply} */ (data)
      if (reply.type === 'tick') onTick()
      else this.#onPicture?.(reply.bytes)
    })
    this.#worker.postMessage({ tickMs })
  }

  /**
   * One at a time.
   *
   * @param {import('./picture-quality.js').Quality} quality
   * @returns {Promise<ArrayBuffer | undefined>} Nothing while there is no picture yet, or where it could not be made.
   */
  async make({ scale, jpeg }) {
    const { videoWidth, videoHeight } = this.#video
    if (videoWidth === 0 || videoHeight === 0) return undefined
    // Some systems stop it when the page is hidden.
    if (this.#video.paused) this.#play()
    const [long, short] = [Math.max(videoWidth, videoHeight), Math.min(videoWidth, videoHeight)]
    const factor = scale * Math.min(1, LONG / long, SHORT / short)
    const width = Math.max(1, Math.round(videoWidth * factor))
    const height = Math.max(1, Math.round(videoHeight * factor))
    if (this.#canvas) return this.#encodeHere(this.#canvas, { width, height, jpeg })
    const bitmap = await createImageBitmap(this.#video)
    return new Promise((resolve) => {
      this.#onPicture = resolve
      this.#worker.postMessage({ bitmap, width, height, jpeg }, [bitmap])
    })
  }

  close() {
    this.#worker.terminate()
    this.#onPicture?.(undefined)
    this.#video.pause()
    this.#video.srcObject = null
  }

  #play() {
    // Refused where the stream has just ended.
    this.#video.play().catch(() => undefined)
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{ width: number, height: number, jpeg: number }} picture
   */
  async #encodeHere(canvas, { width, height, jpeg }) {
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
    canvas.getContext('2d', { alpha: false })?.drawImage(this.#video, 0, 0, width, height)
    /** @type {Blob | null} */
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', jpeg))
    return blob?.arrayBuffer()
  }
}
