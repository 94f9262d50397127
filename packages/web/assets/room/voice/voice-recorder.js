/** Records a clip from the microphone, in what the browser can record. */

const TYPES = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4']
/** Shorter is a slip of the finger. */
const LEAST_MS = 300

export class VoiceRecorder {
  #stream
  #recorder
  /** @type {Blob[]} */
  #parts = []
  #startedMs = performance.now()

  /** Asks for the microphone, and begins. @throws What the browser answers. */
  static async open() {
    return new VoiceRecorder(await navigator.mediaDevices.getUserMedia({ audio: true }))
  }

  /** @param {MediaStream} stream */
  constructor(stream) {
    this.#stream = stream
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type))
    this.#recorder = new MediaRecorder(stream, mimeType === undefined ? {} : { mimeType })
    this.#recorder.addEventListener('dataavailable', ({ data }) => this.#parts.push(data))
    this.#recorder.start()
  }

  /** How long it has been recording. */
  get seconds() {
    return (performance.now() - this.#startedMs) / 1000
  }

  /** Ends it. @returns {Promise<Blob | undefined>} The clip; none where it is too short. */
  async stop() {
    const isLongEnough = performance.now() - this.#startedMs >= LEAST_MS
    const stopped = new Promise((resolve) => this.#recorder.addEventListener('stop', resolve, { once: true }))
    if (this.#recorder.state === 'inactive') return undefined
    this.#recorder.stop()
    await stopped
    for (const track of this.#stream.getTracks()) track.stop()
    const clip = new Blob(this.#parts, { type: this.#recorder.mimeType })
    return isLongEnough && clip.size > 0 ? clip : undefined
  }
}
