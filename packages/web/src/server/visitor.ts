import type { IncomingMessage } from 'node:http'
import { findClientAddress } from './client-address.ts'

/** Who is there, behind a request or a channel. */
export interface Visitor {
  /** Without the parts that do not distinguish machines. */
  readonly address: string
  /** True for one with the token of those with more rights. */
  readonly isHost: boolean
}

/** Says why somebody may not use a path; `undefined` for who may. */
export type KeepOut = (visitor: Visitor, path: string) => string | undefined

/** Who an admitted request is from. */
export function visitorOf(request: IncomingMessage, isHost: boolean): Visitor {
  return { address: findClientAddress(request), isHost }
}
