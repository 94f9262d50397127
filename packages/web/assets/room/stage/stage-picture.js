import { element } from '../../page/elements.js'
import { PictureCanvas } from '../../stream/picture-canvas.js'
import { PictureStream } from '../../stream/picture-stream.js'

/** The large picture: that of what is on air, or of a guest's camera that was enlarged. */
export class StagePicture {
  #canvas = /** @type {HTMLCanvasElement} */ (element('picture'))
  #picture = new PictureCanvas(this.#canvas)
  #clock
  /** @type {PictureStream | undefined} */
  #stream
  /** @type {string | undefined} */
  #topic
  /** @type {{ topic: string, playout: import('../../sound/playout-clock.js').PlayoutClock } | undefined} */
  #sound

  /** @param {import('../../sound/server-clock.js').ServerClock} clock That of the room. */
  constructor(clock) {
    this.#clock = clock
  }

  /** Whether there is a picture. */
  get isThere() {
    return this.#picture.drawn > 0
  }

  /** Shows a stream; nothing where there is none. @param {string | undefined} topic Such as `video/main`. @param {string} label */
  show(topic, label) {
    this.#canvas.setAttribute('aria-label', label)
    if (topic === this.#topic) return
    this.#topic = topic
    this.#stream?.close()
    this.#stream = undefined
    this.#picture.clear()
    this.#canvas.hidden = true
    if (topic === undefined) return
    const listeners = {
      onPicture: (/** @type {import('../../stream/picture-stream.js').Picture} */ picture) => {
        this.#picture.draw(picture)
        this.#canvas.hidden = false
      },
      onReport: () => {},
      onLink: () => {},
    }
    this.#stream = new PictureStream(topic, listeners, this.#clock)
    this.#keepStep()
  }

  /**
   * Keeps the pictures in step with a sound, while there is one.
   *
   * @param {{ topic: string, playout: import('../../sound/playout-clock.js').PlayoutClock } | undefined} sound
   */
  follow(sound) {
    this.#sound = sound
    this.#keepStep()
  }

  /** The topic of the sound that the pictures follow. */
  get soundTopic() {
    return this.#sound?.topic
  }

  /** Pictures have the clock of the sound of their own publisher alone. */
  #keepStep() {
    const isTheirs = this.#topic?.replace('video/', 'audio/') === this.#sound?.topic
    if (this.#stream) this.#stream.playout = isTheirs ? this.#sound?.playout : undefined
  }
}
