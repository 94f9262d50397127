import { parseChallenges, type AuthChallenge } from './auth-challenge.ts'
import type { Credentials } from './credentials.ts'
import { answerDigest, digestStrength } from './digest-auth.ts'
import type { HttpHead } from './http-head.ts'

const BASIC: AuthChallenge = { scheme: 'basic', parameters: new Map() }

/**
 * Logs in to one host, by Digest or Basic, whichever it offers; Digest is preferred, because it does not send the
 * password. The accepted method is remembered, so that further requests need no refusal before them.
 */
export class HttpLogin {
  readonly #credentials: Credentials
  #challenge: AuthChallenge | undefined
  #answers = 0

  constructor(credentials: Credentials) {
    this.#credentials = credentials
  }

  /** True when a request was made with the login that a refusal asked for. */
  get answered(): boolean {
    return this.#answers > 0
  }

  /** The value of `Authorization` for a request; `undefined` until the required method is known. */
  authorize(target: string): string | undefined {
    if (!this.#challenge) return undefined
    this.#answers++
    const { name, password } = this.#credentials
    if (this.#challenge.scheme === 'basic') {
      return `Basic ${Buffer.from(`${name}:${password}`, 'utf8').toString('base64')}`
    }
    return answerDigest(this.#challenge, this.#credentials, target, this.#answers)
  }

  /** Reads which login a refusal (401) asks for. @returns True when the request should be repeated. */
  accept(head: HttpHead): boolean {
    const offered = challengesOf(head)
    // Some cameras refuse without saying what they want.
    const challenge = offered.length === 0 && !this.answered ? BASIC : strongest(offered)
    // The same challenge again means that the name or password is wrong, unless only Digest's nonce was too old.
    const isNew = !this.answered || (challenge?.scheme === 'digest' && this.#isFresh(challenge))
    if (!challenge || !isNew) return false
    this.#challenge = challenge
    this.#answers = 0
    return true
  }

  /** A nonce that was used before may have become too old without being reported as stale. */
  #isFresh({ parameters }: AuthChallenge): boolean {
    return parameters.get('stale')?.toLowerCase() === 'true' || this.#answers > 1
  }
}

/** The login methods that a refusal offers. */
export function challengesOf(head: HttpHead): AuthChallenge[] {
  return parseChallenges(head.headers.get('www-authenticate') ?? [])
}

function strongest(challenges: readonly AuthChallenge[]): AuthChallenge | undefined {
  const digests = challenges
    .filter((challenge) => challenge.scheme === 'digest' && digestStrength(challenge) > 0)
    .toSorted((a, b) => digestStrength(b) - digestStrength(a))
  return digests[0] ?? challenges.find(({ scheme }) => scheme === 'basic')
}
