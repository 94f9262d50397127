import type { SoundBlock } from '@zcast/shared'
import { StereoConverter } from '../audio/stereo-converter.ts'
import type { FrameClock } from './frame-clock.ts'
import { type SoundPacket, SoundTrack } from './sound-track.ts'

/** What is missing becomes silence once nothing has come for this long, in milliseconds: it may only be late. */
const LATE_MS = 2000

/** The sound of a recording, placed by the clock of its pictures. */
export class RecordedSound {
  readonly #clock: FrameClock
  readonly #isReplay: boolean
  readonly #track = new SoundTrack()
  readonly #converter = new StereoConverter()
  #cameAtMs = performance.now()
  #hasCome = false

  /**
   * @param clock - Of the pictures.
   * @param isReplay - True when it comes as fast as it is taken: what has not come by then never will.
   */
  constructor(clock: FrameClock, isReplay = false) {
    this.#clock = clock
    this.#isReplay = isReplay
  }

  /** True once sound was added. */
  get hasCome(): boolean {
    return this.#hasCome
  }

  /** @param block - Of format `s16`. One whose time is not by the clock of the pictures is left out. */
  *add(block: SoundBlock): Generator<SoundPacket> {
    const placeMs = this.#clock.placeMs(block.time)
    if (placeMs === undefined) return
    this.#hasCome = true
    this.#cameAtMs = performance.now()
    yield* this.#track.add(placeMs, this.#converter.take(block, block.data))
  }

  /** Silence in place of what has not come long after a picture did. @param placeMs - Of the picture. */
  *pass(placeMs: number): Generator<SoundPacket> {
    const dueMs = placeMs - LATE_MS
    const isLate = this.#isReplay || performance.now() - this.#cameAtMs > LATE_MS
    if (dueMs > this.#track.endMs && isLate) yield* this.#track.fillTo(dueMs)
  }

  /** What still waits. */
  *end(): Generator<SoundPacket> {
    yield* this.#track.end()
  }
}
