import type { IncomingMessage } from 'node:http'
import type { Log } from '@zcast/shared'
import { findClientAddress } from '../client-address.ts'
import { judgeRequest, type GuardRules, type RouteKind, type Verdict } from './guard.ts'
import { GuessBrake } from './guess-brake.ts'

/** Judges requests, and delays clients that guess tokens. */
export class Doorkeeper {
  readonly #rules: GuardRules
  readonly #brake: GuessBrake

  constructor(rules: GuardRules, log: () => Log | undefined) {
    this.#rules = rules
    this.#brake = new GuessBrake({ log })
  }

  /** Decides whether a request is admitted; a wrong token is answered only after a delay. */
  async judge(request: IncomingMessage, url: URL, kind: RouteKind): Promise<Verdict> {
    const address = findClientAddress(request)
    const { method, headers } = request
    const mayGuess = this.#brake.mayGuess(address)
    const verdict = judgeRequest({ method, url, headers, mayGuess }, this.#rules, kind)
    if (!verdict.admitted && verdict.isGuess) await this.#brake.wrong(address)
    else if (verdict.admitted && verdict.tokenFrom !== undefined) this.#brake.right(address)
    return verdict
  }

  /** Ends all delays. */
  close(): void {
    this.#brake.close()
  }
}
