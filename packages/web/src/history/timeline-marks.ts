import type { Marks } from './past-messages.ts'

/** As many stretches as a wide screen has pixels for; twice as many make the next longer stretch necessary. */
const MOST_STRETCHES = 1024
const SHORTEST_SECONDS = 1 / 16

/**
 * What happened along a timeline, summed up to what a screen can show: however many losses and lines there are, there
 * are at most 1024 stretches of each. A stretch is 1/16 s, or as many times twice that as the timeline needs.
 */
export class TimelineMarks {
  #stretchSeconds = SHORTEST_SECONDS
  #losses = new Map<number, number>()
  #lines = new Map<number, number>()

  /** The length of a stretch. */
  get stretchSeconds(): number {
    return this.#stretchSeconds
  }

  /** The values that are missing. */
  get losses(): Marks {
    return [...this.#losses]
  }

  /** The lines of the error log. */
  get lines(): Marks {
    return [...this.#lines]
  }

  /** Forgets what is outside, and makes the stretches as long as this needs. */
  fit(from: number, to: number): void {
    while ((to - from) / this.#stretchSeconds > MOST_STRETCHES - 1) this.#widen()
    const first = this.#stretchOf(from)
    for (const marks of [this.#losses, this.#lines]) {
      for (const stretch of marks.keys()) if (stretch < first) marks.delete(stretch)
    }
  }

  /** Adds values that are missing. */
  addLoss(time: number, count: number): void {
    this.#add(this.#losses, time, count)
  }

  /** Adds a line of the error log. */
  addLine(time: number): void {
    this.#add(this.#lines, time, 1)
  }

  #add(marks: Map<number, number>, time: number, count: number): void {
    const stretch = this.#stretchOf(time)
    marks.set(stretch, (marks.get(stretch) ?? 0) + count)
  }

  #stretchOf(time: number): number {
    return Math.floor(time / this.#stretchSeconds)
  }

  #widen(): void {
    this.#stretchSeconds *= 2
    this.#losses = halve(this.#losses)
    this.#lines = halve(this.#lines)
  }
}

function halve(marks: ReadonlyMap<number, number>): Map<number, number> {
  const halved = new Map<number, number>()
  for (const [stretch, count] of marks) {
    const wider = Math.floor(stretch / 2)
    halved.set(wider, (halved.get(wider) ?? 0) + count)
  }
  return halved
}
