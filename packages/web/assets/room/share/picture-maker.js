/** The largest picture: as wide and high, or as high and wide. */
const LONG = 1280
const SHORT = 720

/** Makes JPEG pictures of what a camera or a screen shows at the moment. */
export class PictureMaker {
  #video = document.createElement('video')
  #canvas =
    typeof OffscreenCanvas === 'undefined' ? document.createElement('canvas') : new OffscreenCanvas(1, 1)
  #context

  /** @param {MediaStream} stream */
  constructor(stream) {
    // Nothing behind it shows through.
    this.#context = /** @type {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} */ (
      this.#canvas.getContext('2d', { alpha: false })
    )
    this.#video.muted = true
    this.#video.playsInline = true
    this.#video.srcObject = stream
    this.#play()
  }

  /**
   * @param {import('./picture-quality.js').Quality} quality
   * @returns {Promise<ArrayBuffer | undefined>} Nothing while there is no picture yet.
   */
  async make({ scale, jpeg }) {
    const { videoWidth, videoHeight } = this.#video
    if (videoWidth === 0 || videoHeight === 0) return undefined
    // Some systems stop it when the page is hidden.
    if (this.#video.paused) this.#play()
    const [long, short] = [Math.max(videoWidth, videoHeight), Math.min(videoWidth, videoHeight)]
    const factor = scale * Math.min(1, LONG / long, SHORT / short)
    this.#resize(Math.max(1, Math.round(videoWidth * factor)), Math.max(1, Math.round(videoHeight * factor)))
    this.#context.drawImage(this.#video, 0, 0, this.#canvas.width, this.#canvas.height)
    const blob = await this.#encode(jpeg)
    return blob?.arrayBuffer()
  }

  close() {
    this.#video.pause()
    this.#video.srcObject = null
  }

  #play() {
    // Refused where the stream has just ended.
    this.#video.play().catch(() => undefined)
  }

  /** @param {number} width @param {number} height */
  #resize(width, height) {
    if (this.#canvas.width === width && this.#canvas.height === height) return
    this.#canvas.width = width
    this.#canvas.height = height
  }

  /** @param {number} quality @returns {Promise<Blob | null>} */
  #encode(quality) {
    const canvas = this.#canvas
    if (canvas instanceof HTMLCanvasElement)
      return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
    return canvas.convertToBlob({ type: 'image/jpeg', quality })
  }
}
