// Runs where browsers handle sound: turns what a microphone gives into pieces of 20 ms at 48 kHz, 16 bits, one channel.

/**
 * The types of an audio worklet, which TypeScript does not have.
 *
 * @typedef {object} WorkletScope
 * @property {number} sampleRate
 * @property {number} currentTime
 * @property {new () => { readonly port: MessagePort }} AudioWorkletProcessor
 * @property {(name: string, processor: unknown) => void} registerProcessor
 */

const scope = /** @type {WorkletScope} */ (/** @type {unknown} */ (globalThis))
const RATE = 48_000
const SAMPLES = 960

class PcmProcessor extends scope.AudioWorkletProcessor {
  #piece = new Int16Array(SAMPLES)
  #filled = 0
  /** Input samples for each one of the output, which a browser may have at another rate. */
  #step = scope.sampleRate / RATE
  /** The place of the next output sample after the last sample of the input before. */
  #place = 0
  #last = 0

  /** @param {Float32Array[][]} inputs */
  process([channels]) {
    const samples = channels?.[0]
    if (!samples) return true
    const start = scope.currentTime
    while (this.#place < samples.length) {
      const index = Math.floor(this.#place)
      const before = index === 0 ? this.#last : samples[index - 1]
      const value = before + (samples[index] - before) * (this.#place - index)
      this.#add(value, start + this.#place / scope.sampleRate)
      this.#place += this.#step
    }
    this.#place -= samples.length
    this.#last = samples[samples.length - 1]
    return true
  }

  /** @param {number} value @param {number} time That of the sample, by the clock of the sound. */
  #add(value, time) {
    this.#piece[this.#filled++] = Math.round(Math.max(-1, Math.min(1, value)) * 32_767)
    if (this.#filled < SAMPLES) return
    this.port.postMessage({ time: time - (SAMPLES - 1) / RATE, data: this.#piece.buffer }, [
      this.#piece.buffer,
    ])
    this.#piece = new Int16Array(SAMPLES)
    this.#filled = 0
  }
}

scope.registerProcessor('pcm', PcmProcessor)
