import * as zmq from 'zeromq'
import { parseEndpoint, parsePeerEndpoint } from '../endpoint.ts'
import { MAX_MESSAGE_BYTES } from '../envelope.ts'
import { EndpointError, systemErrorCode } from '../errors.ts'
import { RefusalReports } from '../security/refusal-reports.ts'
import type { Refusal } from '../security/refusal.ts'
import {
  DEFAULT_HEARTBEAT_MS,
  type PublishSocket,
  type SocketOptions,
  type SubscribeSocket,
  type Transport,
} from './transport.ts'
import { ZeromqAdmission } from './zeromq-admission.ts'
import { clientOptions, requireCurve, type CurveOptions } from './zeromq-curve.ts'
import { ZeromqPublishSocket } from './zeromq-publish-socket.ts'
import { ZeromqSubscribeSocket } from './zeromq-subscribe-socket.ts'

const DEFAULT_HIGH_WATER_MARK = 1000

// Sockets here state how long they linger; at exit zeromq.js would else advise users of zcast to change this.
zmq.context.blocky = false

/**
 * The most a subscriber may say at once, in bytes; one that says more is cut off. No topic is longer than 130 bytes, and
 * a handshake with keys stays below 1 KiB. ZeroMQ keeps each byte of a subscription in a node of some 40 bytes.
 */
const MAX_REQUEST_BYTES = 1024

/** How much of the heartbeat lies between two pings; the answer has the rest. */
const PING_SHARE = 0.4

// After silence on the wire, TCP's own backoff is longer than 2 s (measured): give up on an attempt early.
const RECONNECT = { connectTimeout: 1000, reconnectInterval: 100, reconnectMaxInterval: 1000 }

/** Who has connected and says nothing is cut off after this long. */
const HANDSHAKE_WITHIN_MS = 10_000

/** Options of {@link ZeromqTransport}. */
export interface ZeromqTransportOptions {
  /** Encrypts, and admits by keys. Default: neither. */
  readonly curve?: CurveOptions | undefined
  /** Told of each connection that keys or limits brought to nothing, at either end; once, not once an attempt. Default: nobody. */
  readonly onRefused?: ((refusal: Refusal) => void) | undefined
}

/**
 * Carries messages over ZeroMQ: XPUB and SUB sockets on `tcp://`, `ipc://` or `inproc://`. Peers that answer no ping
 * within the heartbeat are cut off, also those that were stopped and whose queue is full (measured). What a peer sends
 * beyond the limit is refused before memory is set aside for it.
 */
export class ZeromqTransport implements Transport {
  readonly pattern = 'publish/subscribe'
  readonly #curve: CurveOptions | undefined
  readonly #onRefused: (refusal: Refusal) => void

  constructor({ curve, onRefused = () => undefined }: ZeromqTransportOptions = {}) {
    this.#curve = curve
    this.#onRefused = onRefused
  }

  /**
   * @throws {@link EndpointError} when an endpoint cannot be parsed or bound.
   * @throws {@link OptionError} `ERR_OPTION` when there are keys, but not whose are allowed.
   * @throws {@link StreamError} `ERR_CURVE` when this build of ZeroMQ cannot encrypt.
   */
  async openPublish(options: SocketOptions): Promise<PublishSocket> {
    const admission = ZeromqAdmission.open(this.#curve, this.#onRefused)
    const socket = new zmq.XPublisher({
      ...commonOptions(options),
      ...admission.socketOptions,
      maxMessageSize: MAX_REQUEST_BYTES,
      sendHighWaterMark: options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK,
      // Without a timeout a send never waits inside ZeroMQ, and overlapping sends are not refused with EBUSY.
      sendTimeout: 0,
      noDrop: true,
      // Each subscription, but the end of the last one alone: a peer that asks twice for the same goes only once, so
      // that counting beginnings and ends would never come down to nothing (measured).
      verbosity: 'allSubs',
    })
    const publisher = new ZeromqPublishSocket(socket, options.connect ?? [], admission.report)
    admission.guard(socket, publisher)
    try {
      publisher.endpoints = attach(socket, options)
    } catch (error) {
      await publisher.close()
      throw error
    }
    return publisher
  }

  /**
   * @throws {@link EndpointError} when an endpoint cannot be parsed or bound.
   * @throws {@link OptionError} `ERR_OPTION` when there are keys, but not the publisher's.
   * @throws {@link StreamError} `ERR_CURVE` when this build of ZeroMQ cannot encrypt.
   */
  async openSubscribe(options: SocketOptions): Promise<SubscribeSocket> {
    const curve = this.#curve
    if (curve) requireCurve()
    const socket = new zmq.Subscriber({
      ...commonOptions(options),
      ...(curve && clientOptions(curve)),
      receiveHighWaterMark: options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK,
      linger: 0,
    })
    const reports = new RefusalReports(this.#onRefused)
    const publicKey = curve?.keys.publicKey
    const subscriber = new ZeromqSubscribeSocket(
      socket,
      options.connect ?? [],
      curve !== undefined,
      (reason, endpoint) => reports.add({ side: 'subscriber', reason, endpoint, publicKey }),
    )
    socket.events.on('handshake', () => reports.forget())
    subscriber.endpoints = attach(socket, options)
    return subscriber
  }
}

function commonOptions(options: SocketOptions) {
  const heartbeatMs = options.heartbeatMs ?? DEFAULT_HEARTBEAT_MS
  const heartbeatInterval = Math.round(heartbeatMs * PING_SHARE)
  return {
    ...RECONNECT,
    handshakeInterval: HANDSHAKE_WITHIN_MS,
    heartbeatInterval,
    heartbeatTimeout: heartbeatMs - heartbeatInterval,
    ipv6: usesIpv6(options),
    maxMessageSize: options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
  }
}

function usesIpv6(options: SocketOptions): boolean {
  return [...(options.bind ?? []), ...(options.connect ?? [])].some((endpoint) => endpoint.includes('['))
}

/** Binds and connects everything that was asked for. @returns The endpoints, with the ports that were chosen. */
function attach(socket: zmq.Socket, options: SocketOptions): string[] {
  const endpoints: string[] = []
  try {
    for (const endpoint of options.bind ?? []) {
      parseEndpoint(endpoint)
      bind(socket, endpoint)
      endpoints.push(socket.lastEndpoint ?? endpoint)
    }
    for (const endpoint of options.connect ?? []) {
      parsePeerEndpoint(endpoint)
      connect(socket, endpoint)
      endpoints.push(endpoint)
    }
  } catch (error) {
    socket.close()
    throw error
  }
  return endpoints
}

function connect(socket: zmq.Socket, endpoint: string): void {
  try {
    socket.connect(endpoint)
  } catch (error) {
    throw new EndpointError(
      'ERR_ADDRESS_UNAVAILABLE',
      endpoint,
      `cannot connect to ${endpoint}: this machine has no way there (${systemErrorCode(error) ?? 'unknown'}); check the address`,
      { cause: error },
    )
  }
}

function bind(socket: zmq.Socket, endpoint: string): void {
  try {
    // ZeroMQ looks names up when it connects, but binds only to addresses and network interfaces.
    tryBind(socket, endpoint.replace('//localhost:', '//127.0.0.1:'))
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === 'EADDRINUSE') {
      throw new EndpointError(
        'ERR_ADDRESS_IN_USE',
        endpoint,
        `cannot bind ${endpoint}: address already in use (EADDRINUSE); stop the program that uses it or choose another endpoint`,
        { cause: error },
      )
    }
    throw new EndpointError(
      'ERR_ADDRESS_UNAVAILABLE',
      endpoint,
      `cannot bind ${endpoint}: this machine has no such address or may not use it (${code ?? 'unknown'}); choose one of its own addresses, or 0.0.0.0 for all`,
      { cause: error },
    )
  }
}

/** One failure in 5,000 says EAGAIN instead of its reason (measured, zeromq.js 6.8): asking again tells. */
function tryBind(socket: zmq.Socket, endpoint: string, attempts = 5): void {
  try {
    // `bind` would work in another thread, while the socket is being read already: libzmq allows one at a time.
    socket.bindSync(endpoint)
  } catch (error) {
    if (systemErrorCode(error) !== 'EAGAIN' || attempts === 1) throw error
    tryBind(socket, endpoint, attempts - 1)
  }
}
