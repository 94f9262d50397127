import * as zmq from 'zeromq'
import { parseEndpoint, parsePeerEndpoint } from '../endpoint.ts'
import { MAX_MESSAGE_BYTES } from '../envelope.ts'
import { EndpointError, systemErrorCode } from '../errors.ts'
import {
  DEFAULT_HEARTBEAT_MS,
  type PublishSocket,
  type SocketOptions,
  type SubscribeSocket,
  type Transport,
} from './transport.ts'
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

/**
 * Carries messages over ZeroMQ: XPUB and SUB sockets on `tcp://`, `ipc://` or `inproc://`. Peers that answer no ping
 * within the heartbeat are cut off, also those that were stopped and whose queue is full (measured). What a peer sends
 * beyond the limit is refused before memory is set aside for it.
 */
export class ZeromqTransport implements Transport {
  readonly pattern = 'publish/subscribe'

  async openPublish(options: SocketOptions): Promise<PublishSocket> {
    const socket = new zmq.XPublisher({
      ...commonOptions(options),
      maxMessageSize: MAX_REQUEST_BYTES,
      sendHighWaterMark: options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK,
      // Without a timeout a send never waits inside ZeroMQ, and overlapping sends are not refused with EBUSY.
      sendTimeout: 0,
      noDrop: true,
      // Each subscription, but the end of the last one alone: a peer that asks twice for the same goes only once, so
      // that counting beginnings and ends would never come down to nothing (measured).
      verbosity: 'allSubs',
    })
    const publisher = new ZeromqPublishSocket(socket, options.connect ?? [])
    publisher.endpoints = await attach(socket, options)
    return publisher
  }

  async openSubscribe(options: SocketOptions): Promise<SubscribeSocket> {
    const socket = new zmq.Subscriber({
      ...commonOptions(options),
      receiveHighWaterMark: options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK,
      linger: 0,
    })
    const subscriber = new ZeromqSubscribeSocket(socket, options.connect ?? [])
    subscriber.endpoints = await attach(socket, options)
    return subscriber
  }
}

function commonOptions(options: SocketOptions) {
  const heartbeatMs = options.heartbeatMs ?? DEFAULT_HEARTBEAT_MS
  const heartbeatInterval = Math.round(heartbeatMs * PING_SHARE)
  return {
    ...RECONNECT,
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
async function attach(socket: zmq.Socket, options: SocketOptions): Promise<string[]> {
  const endpoints: string[] = []
  try {
    for (const endpoint of options.bind ?? []) {
      parseEndpoint(endpoint)
      await bind(socket, endpoint)
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

async function bind(socket: zmq.Socket, endpoint: string): Promise<void> {
  try {
    // ZeroMQ looks names up when it connects, but binds only to addresses and network interfaces.
    await tryBind(socket, endpoint.replace('//localhost:', '//127.0.0.1:'))
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
async function tryBind(socket: zmq.Socket, endpoint: string, attempts = 5): Promise<void> {
  try {
    await socket.bind(endpoint)
  } catch (error) {
    if (systemErrorCode(error) !== 'EAGAIN' || attempts === 1) throw error
    await tryBind(socket, endpoint, attempts - 1)
  }
}
