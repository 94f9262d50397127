import { addressOf } from '../page/address.js'

/** Plays one stream in the browser's audio thread. */
export class WorkletOutlet {
  /** How long before it is heard sound has to be here, besides what the speakers take. */
  static aheadMs = 20
  node
  /** How it is doing. @type {import('./sound-reader.js').ReaderReport | undefined} */
  report

  /**
   * Opens one. To be made once the worklet is loaded.
   *
   * @param {BaseAudioContext} context
   */
  constructor(context) {
    this.node = new AudioWorkletNode(context, 'zcast-sound', { numberOfInputs: 0, outputChannelCount: [2] })
    this.node.port.addEventListener('message', ({ data }) => {
      this.report = data
    })
    this.node.port.start()
  }

  /** Loads the worklet. @param {BaseAudioContext} context */
  static load(context) {
    return context.audioWorklet.addModule(addressOf('sound/sound-worklet.js'))
  }

  /** @param {import('./sound-pieces.js').SoundPiece} piece Its samples are gone afterwards. */
  push(piece) {
    this.node.port.postMessage({ piece }, [piece.left.buffer, piece.right.buffer])
  }

  /**
   * @param {number} base Seconds that the time of what is due is ahead of that of the context times the speed.
   * @param {number} speed
   */
  sync(base, speed) {
    this.node.port.postMessage({ base, speed })
  }

  close() {
    this.node.port.postMessage({ end: true })
    this.node.disconnect()
  }
}
