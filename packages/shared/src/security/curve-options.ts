import type { AllowedKeys } from './allowed-keys.ts'
import type { CurveKeys } from './curve-keys.ts'

/**
 * Encryption and admission by keys (CurveZMQ, RFC 26). The publisher is the server of CURVE and decides who is let in,
 * whether it listens or connects; a subscriber makes sure that it speaks to the publisher whose key it was given.
 */
export interface CurveOptions {
  /** This end's own keys. */
  readonly keys: CurveKeys
  /** The publisher's public key; needed to subscribe. All publishers that a socket speaks to share it. */
  readonly serverKey?: string | undefined
  /** Who may subscribe; needed to publish. Those whose keys are removed are cut off. */
  readonly allowed?: AllowedKeys | undefined
}
