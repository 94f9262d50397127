import type * as zmq from 'zeromq'
import { OptionError, StreamError } from '../errors.ts'
import type { CurveOptions } from '../security/curve-options.ts'
import { zeromq } from './zeromq-library.ts'

/**
 * Checks that this build of ZeroMQ can encrypt.
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

/** The options that make a publishing socket the CURVE server, in a ZAP domain of its own. */
export function serverOptions({ keys }: CurveOptions, domain: string): zmq.SocketOptions<zmq.XPublisher> {
  return {
    curveServer: true,
    curveSecretKey: keys.secretKey,
    zapDomain: domain,
    // Without this, libzmq would admit every client when there is no handler (measured).
    zapEnforceDomain: true,
  }
}

/**
 * The options that make a subscribing socket a CURVE client.
 *
 * @throws {@link OptionError} `ERR_OPTION` when there is no server key.
 */
export function clientOptions({ keys, serverKey }: CurveOptions): zmq.SocketOptions<zmq.Subscriber> {
  if (serverKey === undefined)
    throw new OptionError('subscribing with keys needs the publisher\'s public key: give "serverKey"')
  return { curveServerKey: serverKey, curvePublicKey: keys.publicKey, curveSecretKey: keys.secretKey }
}
