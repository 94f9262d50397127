import type { AllowedKeys } from './allowed-keys.ts'
import type { CurveKeys } from './curve-keys.ts'

/**
 * Encryption and admission by keys (CurveZMQ, RFC 26). The publisher is the CURVE server and decides which clients may
 * connect, whether it listens or connects; a subscriber verifies that it is talking to the publisher whose key it was
 * given.
 */
export interface CurveOptions {
  /** This end's own keys. */
  readonly keys: CurveKeys
  /** The publisher's public key; needed to subscribe. All publishers of one socket share it. */
  readonly serverKey?: string | undefined
  /** The clients that may subscribe; needed to publish. Clients whose keys are removed are cut off. */
  readonly allowed?: AllowedKeys | undefined
}
