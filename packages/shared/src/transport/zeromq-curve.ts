import type * as zmq from 'zeromq'
import { OptionError, StreamError } from '../errors.ts'
import type { AllowedKeys } from '../security/allowed-keys.ts'
import type { CurveKeys } from '../security/curve-keys.ts'
import { zeromq } from './zeromq-library.ts'

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

/**
 * Makes sure that this build of ZeroMQ can encrypt.
 *
 * @throws {@link StreamError} `ERR_CURVE` when it cannot.
 */
export function requireCurve(capability: { curve?: boolean } = zeromq().capability): void {
  if (capability.curve) return
  throw new StreamError(
    'ERR_CURVE',
    'this build of ZeroMQ cannot encrypt (it has no CURVE): install the prebuilt zeromq package, or leave out --curve and use an SSH tunnel or a VPN',
  )
}

/** The options that make a publishing socket the server of CURVE, in a ZAP domain of its own. */
export function serverOptions({ keys }: CurveOptions, domain: string): zmq.SocketOptions<zmq.XPublisher> {
  return {
    curveServer: true,
    curveSecretKey: keys.secretKey,
    zapDomain: domain,
    // Nobody is let in should there be no handler; libzmq would else let in everybody (measured).
    zapEnforceDomain: true,
  }
}

/**
 * The options that make a subscribing socket a client of CURVE.
 *
 * @throws {@link OptionError} `ERR_OPTION` when there is no server key.
 */
export function clientOptions({ keys, serverKey }: CurveOptions): zmq.SocketOptions<zmq.Subscriber> {
  if (serverKey === undefined)
    throw new OptionError("the publisher's public key is needed to subscribe with keys")
  return { curveServerKey: serverKey, curvePublicKey: keys.publicKey, curveSecretKey: keys.secretKey }
}
