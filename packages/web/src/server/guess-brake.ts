import type { Log } from '@zcast/shared'

/** Options of {@link GuessBrake}. */
export interface GuessBrakeOptions {
  /** What a wrong token beyond the first few waits for its answer, in milliseconds. Default 1000. */
  readonly delayMs?: number | undefined
  /** Where wrong tokens are told. */
  readonly log: () => Log | undefined
}

interface Guesser {
  wrong: number
  waiting: number
}

const DEFAULT_DELAY_MS = 1000
/** People mistype; only then it gets slow. */
const FREE_GUESSES = 3
/** Wrong tokens of one address that wait at the same time; more are not even looked at. */
const MAX_WAITING_OF_ONE = 8
/** The same of all addresses: a right token in between is still found. */
const MAX_WAITING = 64
/** Addresses that are remembered; beyond it the one that has been quiet for longest is forgotten. */
const MAX_ADDRESSES = 1000

/**
 * Slows down guessing: after a few wrong tokens an address waits a second for each further answer, and there is a limit to
 * how many wait. So no more than 8 tokens a second are tried from one address, and 64 from all together, while
 * whoever has the right one is let in at once.
 */
export class GuessBrake {
  readonly #delayMs: number
  readonly #log: () => Log | undefined
  readonly #guessers = new Map<string, Guesser>()
  readonly #ends = new Set<() => void>()

  constructor({ delayMs = DEFAULT_DELAY_MS, log }: GuessBrakeOptions) {
    this.#delayMs = delayMs
    this.#log = log
  }

  /** True unless so many wrong tokens wait that a further one is not looked at. */
  mayGuess(address: string): boolean {
    const waiting = this.#guessers.get(address)?.waiting ?? 0
    return waiting < MAX_WAITING_OF_ONE && this.#ends.size < MAX_WAITING
  }

  /** Takes note of a wrong token. @returns A promise that settles when it may be answered. */
  async wrong(address: string): Promise<void> {
    const guesser = this.#guessers.get(address) ?? { wrong: 0, waiting: 0 }
    this.#remember(address, guesser)
    guesser.wrong += 1
    this.#log()?.warning(
      `the page was asked for with a wrong token from ${address}; further ones from there are slowed down`,
      undefined,
      'wrong token',
    )
    if (guesser.wrong <= FREE_GUESSES) return
    guesser.waiting += 1
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        this.#ends.delete(end)
        resolve()
      }
      const timer = setTimeout(end, this.#delayMs)
      this.#ends.add(end)
    })
    guesser.waiting -= 1
  }

  /** Takes note of a right token: whoever has it does not guess. */
  right(address: string): void {
    const guesser = this.#guessers.get(address)
    if (guesser && guesser.waiting === 0) this.#guessers.delete(address)
  }

  /** Ends all waiting. */
  close(): void {
    for (const end of this.#ends) end()
  }

  #remember(address: string, guesser: Guesser): void {
    this.#guessers.delete(address)
    this.#guessers.set(address, guesser)
    if (this.#guessers.size <= MAX_ADDRESSES) return
    for (const [oldest, { waiting }] of this.#guessers) {
      if (waiting > 0) continue
      this.#guessers.delete(oldest)
      return
    }
  }
}
