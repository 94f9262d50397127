import { createHash, randomBytes } from 'node:crypto'

/** The parameter of a page's address that carries a code. */
export const ONE_TIME_PARAMETER = 'once'

/** How long a code is good for, in milliseconds. */
export const ONE_TIME_LIFE_MS = 600_000

/** Codes that are remembered, used ones too. */
const MAX_CODES = 16
/** 96 random bits: nobody guesses them in ten minutes, and they make a small QR code. */
const CODE_BYTES = 12

interface Code {
  readonly expiresAtMs: number
  readonly isHost: boolean
  isUsed: boolean
}

/**
 * Codes that stand for the token once: they go into an address that a person clicks on or scans, where the token itself
 * would stay in histories and scrollback. Kept as digests only.
 */
export class OneTimeCodes {
  readonly #now: () => number
  readonly #codes = new Map<string, Code>()

  /** @param now - Monotonic time in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /**
   * Makes a code, good for one use within {@link ONE_TIME_LIFE_MS}; the oldest of 16 is forgotten for it.
   *
   * @param isHost - Whether it stands for the token of those with more rights.
   */
  issue(isHost = false): string {
    const code = randomBytes(CODE_BYTES).toString('base64url')
    this.#codes.set(digest(code), { expiresAtMs: this.#now() + ONE_TIME_LIFE_MS, isHost, isUsed: false })
    const [oldest] = this.#codes.keys()
    if (this.#codes.size > MAX_CODES && oldest !== undefined) this.#codes.delete(oldest)
    return code
  }

  /** Uses a code up: `stale` where it was good once, `unknown` where it never was, or is long forgotten. */
  redeem(candidate: string): 'good' | 'good for a host' | 'stale' | 'unknown' {
    // Looked up by digest, so that the time it takes tells nothing about codes that are nearly right.
    const code = this.#codes.get(digest(candidate))
    if (!code) return 'unknown'
    if (code.isUsed || this.#now() >= code.expiresAtMs) return 'stale'
    code.isUsed = true
    return code.isHost ? 'good for a host' : 'good'
  }
}

function digest(code: string): string {
  return createHash('sha256').update(code).digest('base64')
}
