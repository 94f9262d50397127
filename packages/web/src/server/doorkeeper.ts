import type { IncomingMessage } from 'node:http'
import type { Log } from '@zcast/shared'
import { findClientAddress } from './client-address.ts'
import { judgeRequest, type GuardRules, type RouteKind, type Verdict } from './guard.ts'
import { GuessBrake } from './guess-brake.ts'

/** Judges requests, and has those wait that guess tokens. */
export class Doorkeeper {
  readonly #rules: GuardRules
  readonly #brake: GuessBrake

  constructor(rules: GuardRules, log: () => Log | undefined) {
    this.#rules = rules
    this.#brake = new GuessBrake({ log })
  }

  /** Says whether a request is let in; that a token is wrong is said after a while only. */
  async judge(request: IncomingMessage, url: URL, kind: RouteKind): Promise<Verdict> {
    const address = findClientAddress(request)
    const { method, headers } = request
    const mayGuess = this.#brake.mayGuess(address)
    const verdict = judgeRequest({ method, url, headers, mayGuess }, this.#rules, kind)
    if (!verdict.admitted && verdict.isGuess) await this.#brake.wrong(address)
    else if (verdict.admitted && verdict.tokenFrom !== undefined) this.#brake.right(address)
    return verdict
  }

  /** Lets nobody wait any longer. */
  close(): void {
    this.#brake.close()
  }
}
