import { CaptureSocket } from './capture-socket.js'
import { SoundTime } from './sound-time.js'

const RATE = 48_000
/** Pieces of 20 ms that may be on the way; then sound is left out until they have arrived. */
const MAX_ON_THE_WAY = 40

/** Sends the sound of a microphone in pieces of 20 ms. */
export class SoundSender {
  #context
  #socket
  #time
  /** @type {MediaStreamAudioSourceNode | undefined} */
  #source
  #isClosed = false

  /**
   * @param {MediaStream} stream
   * @param {{ key: () => string, now: () => number }} guest The guest's key, and the room's time in seconds.
   */
  constructor(stream, { key, now }) {
    this.#context = openContext(stream)
    this.#time = new SoundTime(now)
    this.#socket = new CaptureSocket({ path: 'microphone', key, onReady: () => {} })
    void this.#start(stream)
  }

  close() {
    this.#isClosed = true
    this.#socket.close()
    this.#source?.disconnect()
    this.#context.close().catch(() => undefined)
  }

  /** @param {MediaStream} stream */
  async #start(stream) {
    const context = this.#context
    await context.audioWorklet.addModule(new URL('pcm-worklet.js', import.meta.url))
    if (this.#isClosed) return
    const worklet = new AudioWorkletNode(context, 'pcm', { channelCount: 1, channelCountMode: 'explicit' })
    worklet.port.addEventListener('message', ({ data: { time, data } }) => this.#send(time, data))
    worklet.port.start()
    this.#source = context.createMediaStreamSource(stream)
    // It gives silence to the loudspeaker: what leads nowhere is not run.
    this.#source.connect(worklet).connect(context.destination)
    // It was opened while somebody began to listen, not by a click.
    await context.resume()
  }

  /** @param {number} time By the clock of the sound. @param {ArrayBuffer} data */
  #send(time, data) {
    const captured = this.#time.of(time, this.#context.currentTime)
    if (this.#socket.onTheWay < MAX_ON_THE_WAY) this.#socket.send(captured, data)
  }
}

/** @param {MediaStream} stream */
function openContext(stream) {
  try {
    const context = new AudioContext({ sampleRate: RATE, latencyHint: 'interactive' })
    // Some browsers do not bring a microphone of another rate into it: then the worklet does.
    context.createMediaStreamSource(stream).disconnect()
    return context
  } catch {
    return new AudioContext({ latencyHint: 'interactive' })
  }
}
