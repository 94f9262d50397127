import { STEREO_48K } from '../audio/stereo-converter.ts'

/** Some samples of a recording. */
export interface SoundPacket {
  /** Since the start of the recording. */
  readonly timestampMs: number
  /** 16-bit samples of two channels, 48,000 a second. */
  readonly data: Uint8Array
}

const FRAME_BYTES = 4
const SAMPLES_A_MS = STEREO_48K.rate / 1000
/** A packet has a whole number of milliseconds, so that its time is exact. */
const PACKET_MS = 20
const PACKET_BYTES = PACKET_MS * SAMPLES_A_MS * FRAME_BYTES
const SILENCE_MS = 1000
/** What times differ by from one piece to the next without a gap. */
const TOLERANCE_MS = 10
/** A gap is filled up to this; a longer one is left open, rather than hold up the pictures behind it. */
const LONGEST_SILENCE_MS = 600_000

/** The sound of a recording without a gap: what is missing is silence, and what is there twice is left out. */
export class SoundTrack {
  #waiting: Uint8Array = new Uint8Array()
  /** Of the first sample that waits. */
  #startMs = 0
  /** True when it ends with sound, to which the next piece may be joined. */
  #isJoined = false

  /** How far it reaches, in milliseconds since the start of the recording. */
  get endMs(): number {
    return this.#startMs + this.#waiting.byteLength / FRAME_BYTES / SAMPLES_A_MS
  }

  /**
   * Adds samples where they belong.
   *
   * @param placeMs - Of the first one, since the start of the recording; below 0 for what was before it.
   */
  *add(placeMs: number, samples: Uint8Array): Generator<SoundPacket> {
    const offMs = placeMs - this.endMs
    if (this.#isJoined && Math.abs(offMs) <= TOLERANCE_MS) return yield* this.#put(samples)
    if (offMs > 0) yield* this.fillTo(placeMs)
    const left = offMs < 0 ? samples.subarray(bytesOf(-offMs)) : samples
    this.#isJoined = left.byteLength > 0
    yield* this.#put(left)
  }

  /** Adds silence up to a place. */
  *fillTo(placeMs: number): Generator<SoundPacket> {
    this.#isJoined = false
    const missingMs = placeMs - this.endMs
    if (missingMs > LONGEST_SILENCE_MS) {
      yield* this.end()
      this.#startMs = Math.round(placeMs)
      return
    }
    let bytes = bytesOf(Math.max(0, missingMs))
    const toPacket = Math.min(bytes, (PACKET_BYTES - this.#waiting.byteLength) % PACKET_BYTES)
    yield* this.#put(new Uint8Array(toPacket))
    bytes -= toPacket
    const whole = bytes - (bytes % PACKET_BYTES)
    for (let left = whole; left > 0; left -= bytesOf(SILENCE_MS))
      yield this.#next(new Uint8Array(Math.min(left, bytesOf(SILENCE_MS))))
    yield* this.#put(new Uint8Array(bytes - whole))
  }

  /** What still waits. */
  *end(): Generator<SoundPacket> {
    const data = this.#waiting
    this.#waiting = new Uint8Array()
    if (data.byteLength > 0) yield this.#next(data)
  }

  *#put(samples: Uint8Array): Generator<SoundPacket> {
    const all = this.#waiting.byteLength === 0 ? samples : Buffer.concat([this.#waiting, samples])
    this.#waiting = new Uint8Array()
    const whole = all.byteLength - (all.byteLength % PACKET_BYTES)
    for (let at = 0; at < whole; at += PACKET_BYTES) yield this.#next(all.subarray(at, at + PACKET_BYTES))
    // A copy: what was received is not held for longer.
    this.#waiting = Uint8Array.from(all.subarray(whole))
  }

  #next(data: Uint8Array): SoundPacket {
    const timestampMs = this.#startMs
    this.#startMs += data.byteLength / FRAME_BYTES / SAMPLES_A_MS
    return { timestampMs: Math.round(timestampMs), data }
  }
}

function bytesOf(milliseconds: number): number {
  return Math.round(milliseconds * SAMPLES_A_MS) * FRAME_BYTES
}
