import { StreamClock } from './stream-clock.ts'

const PICTURE = /_showinfo_\d+ @ [^\]]*\] n: *\d+ pts: *(-?\d+) /
const TIME_BASE = /_showinfo_\d+ @ [^\]]*\] config in time_base: (\d+)\/(\d+)/
const PIECE = /_ashowinfo_\d+ @ [^\]]*\] n: *\d+ pts: *(-?\d+) .*?\brate: *(\d+) nb_samples: *(\d+)/

/** A picture and the line that tells its time come by two pipes: how many of either may wait for the other. */
const MOST_WAITING = 64

/**
 * Says when pictures and sound are due that one ffmpeg decodes. Its filters `showinfo` and `ashowinfo` tell the stream's
 * own times of both.
 */
export class SoundTimes {
  readonly #clock = new StreamClock()
  #secondsPerTick = 0
  #lines = 0
  #pictures = 0
  /** By the picture's number: its time in the stream, or when it came, whichever is known first. */
  readonly #streamTimes = new Map<number, number>()
  readonly #arrivals = new Map<number, number>()
  /** A sample by its number, and its time in the stream. */
  #mark: { readonly sample: number; readonly time: number; readonly rate: number } | undefined
  #samples = 0

  /** Reads a line of ffmpeg's. */
  read(line: string): void {
    const [, over, under] = TIME_BASE.exec(line) ?? []
    if (over !== undefined) this.#secondsPerTick = Number(over) / Number(under)
    const [, ticks] = PICTURE.exec(line) ?? []
    if (ticks !== undefined) {
      this.#streamTimes.set(this.#lines++, Number(ticks) * this.#secondsPerTick)
      this.#relate(this.#lines - 1)
    }
    const [, first, rate, count] = PIECE.exec(line) ?? []
    if (first === undefined) return
    this.#mark = { sample: this.#samples, time: Number(first) / Number(rate), rate: Number(rate) }
    this.#samples += Number(count)
  }

  /**
   * A picture has come.
   *
   * @param now - Seconds since the Unix epoch.
   * @returns When it was due; `undefined` while that is not known.
   */
  picture(now: number): number | undefined {
    const number = this.#pictures++
    this.#arrivals.set(number, now)
    const streamTime = this.#streamTimes.get(number)
    this.#relate(number)
    return streamTime === undefined ? undefined : this.#clock.dueAt(streamTime)
  }

  /**
   * When a sample is due, in seconds since the Unix epoch; `undefined` while that is not known.
   *
   * @param sample - Its number, from 0.
   */
  timeOf(sample: number): number | undefined {
    if (!this.#mark) return undefined
    return this.#clock.dueAt(this.#mark.time + (sample - this.#mark.sample) / this.#mark.rate)
  }

  #relate(number: number): void {
    const [time, arrival] = [this.#streamTimes.get(number), this.#arrivals.get(number)]
    if (time !== undefined && arrival !== undefined) {
      this.#streamTimes.delete(number)
      this.#arrivals.delete(number)
      this.#clock.see(time, arrival)
    }
    if (this.#streamTimes.size <= MOST_WAITING && this.#arrivals.size <= MOST_WAITING) return
    this.#streamTimes.clear()
    this.#arrivals.clear()
    this.#lines = this.#pictures = 0
  }
}
