import type { Log } from '@zcast/shared'

/** Options of {@link GuessBrake}. */
export interface GuessBrakeOptions {
  /** The delay of the answer to a wrong token after the first few, in milliseconds. Default 1000. */
  readonly delayMs?: number | undefined
  /** Receives reports of wrong tokens. */
  readonly log: () => Log | undefined
}

interface Guesser {
  wrong: number
  waiting: number
}

const DEFAULT_DELAY_MS = 1000
/** People mistype; only after this many does it become slow. */
const FREE_GUESSES = 3
/** The number of wrong tokens from one address that wait at the same time; further ones are not even checked. */
const MAX_WAITING_OF_ONE = 8
/** The same for all addresses together: a right token in between is still accepted. */
const MAX_WAITING = 64
/** The number of addresses remembered; beyond it the one that has been quiet longest is forgotten. */
const MAX_ADDRESSES = 1000

/**
 * Slows down guessing: after a few wrong tokens an address waits a second for each further answer, and the number of
 * waiting ones is limited. So at most 8 tokens a second are tried from one address, and 64 from all together, while
 * clients with the right one are admitted at once.
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

  /** True unless so many wrong tokens are waiting that a further one is not checked. */
  mayGuess(address: string): boolean {
    const waiting = this.#guessers.get(address)?.waiting ?? 0
    return waiting < MAX_WAITING_OF_ONE && this.#ends.size < MAX_WAITING
  }

  /** Notes a wrong token. @returns A promise that settles when it may be answered. */
  async wrong(address: string): Promise<void> {
    const guesser = this.#guessers.get(address) ?? { wrong: 0, waiting: 0 }
    this.#remember(address, guesser)
    guesser.wrong += 1
    this.#log()?.warning(
      `a wrong token was used for the page from ${address}; further attempts from there are slowed down`,
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

  /** Notes a right token: a client that has it is not guessing. */
  right(address: string): void {
    const guesser = this.#guessers.get(address)
    if (guesser && guesser.waiting === 0) this.#guessers.delete(address)
  }

  /** Ends all delays. */
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
