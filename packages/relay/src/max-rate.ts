import { OptionError } from '@zcast/shared'

/** The most values a second of some topics that a relay passes on. */
export interface MaxRate {
  /** A topic, in which `*` stands for any letters: `video/*`. */
  readonly topics: string
  /** Values a second, 0.001 to 1,000,000. */
  readonly perSecond: number
}

const MAX_RATE = /^([a-z0-9@*]+\/[A-Za-z0-9._*-]+)=(\d+(?:\.\d+)?)\/s$/
const LEAST = 0.001
const MOST = 1_000_000

/** Values that may come at once after a quiet time: a tenth of a second of them, one at least. */
const BURST_S = 0.1

/**
 * Reads `video/*=5/s`.
 *
 * @throws {@link OptionError} `ERR_OPTION` when it is something else, or the rate is out of range.
 */
export function parseMaxRate(text: string): MaxRate {
  const [, topics, rate] = MAX_RATE.exec(text) ?? []
  const perSecond = Number(rate)
  if (topics === undefined || !(perSecond >= LEAST && perSecond <= MOST)) {
    throw new OptionError(
      `max-rate must be TOPIC=N/s such as video/*=5/s, with a rate of ${LEAST} to ${MOST}, got "${text}"`,
    )
  }
  return { topics, perSecond }
}

/** True when a rate applies to a topic. */
export function isMeant({ topics }: MaxRate, topic: string): boolean {
  const pattern = topics
    .split('*')
    .map((part) => part.replaceAll('.', String.raw`\.`))
    .join('.*')
  // What is meant for a kind is meant for its renditions, too: `video/*` for `video@360p/cam`.
  const plain = topics.includes('@') ? topic : topic.replace(/@[^/]*/, '')
  return new RegExp(`^${pattern}$`).test(plain)
}

/** Lets a limited number of values a second pass. */
export class RateLimit {
  readonly #perMs: number
  readonly #most: number
  #left: number
  #atMs: number

  constructor(perSecond: number, nowMs: number) {
    this.#perMs = perSecond / 1000
    this.#most = Math.max(1, perSecond * BURST_S)
    this.#left = this.#most
    this.#atMs = nowMs
  }

  /** @returns The number of the given values that may pass now. */
  take(values: number, nowMs: number): number {
    this.#left = Math.min(this.#most, this.#left + (nowMs - this.#atMs) * this.#perMs)
    this.#atMs = nowMs
    const passed = Math.min(values, Math.floor(this.#left))
    this.#left -= passed
    return passed
  }
}
