/// <reference path="./worklet-scope.d.ts" />
import { SoundReader } from './sound-reader.js'

/**
 * Plays one stream in the browser's audio thread, whatever the page's own thread is busy with.
 *
 * It is told `{ piece }`, a piece of sound; `{ base, speed }`, the seconds that the time of what is due is ahead of the
 * time of the audio context times the speed; and `{ end: true }`. It tells how it is doing.
 */

const REPORTS_EACH_SECONDS = 0.25

class SoundProcessor extends AudioWorkletProcessor {
  #reader = new SoundReader(sampleRate)
  #base = Number.NaN
  #speed = 1
  #reportedAt = 0
  #ended = false

  constructor() {
    super()
    this.port.addEventListener('message', ({ data }) => {
      if (data.piece) this.#reader.push(data.piece)
      if (data.base !== undefined) {
        this.#base = data.base
        this.#speed = data.speed
      }
      if (data.end) this.#ended = true
    })
    this.port.start()
  }

  /** @param {Float32Array[][]} _inputs @param {Float32Array[][]} outputs */
  process(_inputs, [[left, right]]) {
    this.#reader.read(left, right, currentTime * this.#speed + this.#base, this.#speed)
    if (currentTime - this.#reportedAt >= REPORTS_EACH_SECONDS) {
      this.#reportedAt = currentTime
      this.port.postMessage(this.#reader.report())
    }
    return !this.#ended
  }
}

registerProcessor('zcast-sound', SoundProcessor)
