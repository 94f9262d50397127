import { CaptureSocket } from './capture-socket.js'
import { SoundTime } from './sound-time.js'

const RATE = 48_000
/** Of samples that are sent on a slow network: 32 kB/s in place of 96. */
const SLOW_SHARE = 3
/** Pieces of 20 ms that may be on the way; then sound is left out until they have arrived. */
const MAX_ON_THE_WAY = 40
/** Pieces left out, half a second, after which the network is taken to be slow. */
const SLOW_AFTER = 25

/**
 * Sends the sound of a microphone in pieces of 20 ms; on a slow network with fewer samples.
 *
 * @typedef {object} SoundSenderOptions
 * @property {() => string} key The guest's key at the moment.
 * @property {() => number} now The room's time, in seconds.
 * @property {() => void} onUnreachable Called when the network lets nothing through.
 * @property {(problem: string) => void} onTrouble Called with a sentence when less is sent, or nothing.
 */
export class SoundSender {
  #context
  #socket
  #time
  /** @type {MediaStreamAudioSourceNode | undefined} */
  #source
  #isClosed = false
  #isSlow = false
  #leftOut = 0
  #options

  /**
   * @param {MediaStream} stream
   * @param {SoundSenderOptions} options
   */
  constructor(stream, options) {
    this.#options = options
    this.#context = openContext(stream)
    this.#time = new SoundTime(options.now)
    this.#socket = this.#connect()
    this.#start(stream).catch(() =>
      options.onTrouble('This browser could not send your sound: turn the microphone off and on again.'),
    )
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
    if (this.#socket.onTheWay < MAX_ON_THE_WAY)
      return this.#socket.send(captured, this.#isSlow ? thin(data) : data)
    this.#leftOut += 1
    if (this.#leftOut === SLOW_AFTER) this.#slowDown()
  }

  #connect() {
    const { key, onUnreachable } = this.#options
    const hello = this.#isSlow ? { rate: RATE / SLOW_SHARE } : undefined
    return new CaptureSocket({ path: 'microphone', key, onUnreachable, onReady: () => {}, hello })
  }

  #slowDown() {
    if (this.#isSlow)
      return this.#options.onTrouble('Your network is too slow for your voice: others hear gaps.')
    this.#isSlow = true
    this.#leftOut = 0
    this.#options.onTrouble('Your network is slow: your voice is sent less clearly.')
    this.#socket.close()
    this.#socket = this.#connect()
  }
}

/** A third of the samples, each the mean of three. @param {ArrayBuffer} data */
function thin(data) {
  const many = new Int16Array(data)
  const few = new Int16Array(many.length / SLOW_SHARE)
  for (let index = 0; index < few.length; index++) {
    const at = index * SLOW_SHARE
    few[index] = Math.round((many[at] + many[at + 1] + many[at + 2]) / SLOW_SHARE)
  }
  return few.buffer
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
