import type { CurveOptions } from '../security/curve-options.ts'
import { RefusalReports } from '../security/refusal-reports.ts'
import type { Refusal } from '../security/refusal.ts'
import {
  DEFAULT_HEARTBEAT_MS,
  type PublishSocket,
  type SocketOptions,
  type SubscribeSocket,
  type Transport,
} from './transport.ts'
import type { TransportOptions } from './open-transport.ts'
import { lookUpHost, type LookUp } from './host-dialer.ts'
import { ZeromqAdmission } from './zeromq-admission.ts'
import { clientOptions, requireCurve } from './zeromq-curve.ts'
import { ZeromqEvents } from './zeromq-events.ts'
import { zeromq } from './zeromq-library.ts'
import { commonOptions, DEFAULT_HIGH_WATER_MARK } from './zeromq-options.ts'
import { ZeromqPublishSocket } from './zeromq-publish-socket.ts'
import { ZeromqSubscribeSocket } from './zeromq-subscribe-socket.ts'

/**
 * The most that a subscriber may send at once, in bytes; one that sends more is cut off. No topic is longer than 130
 * bytes, and a handshake with keys stays below 1 KiB. ZeroMQ keeps each byte of a subscription in a node of some 40
 * bytes.
 */
const MAX_REQUEST_BYTES = 1024

/**
 * A subscriber that takes nothing for so many heartbeats is cut off by the system, it alone, although it answers pings:
 * its window stays closed, or what was sent stays unacknowledged (TCP_USER_TIMEOUT; Linux 5.11 and Windows).
 */
const TAKES_NOTHING_HEARTBEATS = 2

/** Options of {@link ZeromqTransport}. */
export interface ZeromqTransportOptions extends TransportOptions {
  /** Finds the addresses of a host to connect to, best first. Default: the system's look-up. */
  readonly lookUp?: LookUp | undefined
}

/**
 * Carries messages over ZeroMQ: XPUB and XSUB sockets on `tcp://`, `ipc://` or `inproc://`. Peers that answer no ping
 * within the heartbeat are cut off, including stopped ones whose queue is full (measured). A message beyond the limit
 * is refused before memory is reserved for it.
 */
export class ZeromqTransport implements Transport {
  readonly pattern = 'publish/subscribe'
  readonly #curve: CurveOptions | undefined
  readonly #onRefused: (refusal: Refusal) => void
  readonly #lookUp: LookUp

  constructor({ curve, onRefused = () => undefined, lookUp = lookUpHost }: ZeromqTransportOptions = {}) {
    this.#curve = curve
    this.#onRefused = onRefused
    this.#lookUp = lookUp
  }

  /**
   * @throws {@link EndpointError} when an endpoint cannot be parsed or bound.
   * @throws {@link OptionError} `ERR_OPTION` when there are keys, but no allowed ones.
   * @throws {@link StreamError} `ERR_CURVE` when this build of ZeroMQ cannot encrypt.
   */
  async openPublish(options: SocketOptions): Promise<PublishSocket> {
    const admission = ZeromqAdmission.open(this.#curve, this.#onRefused)
    const socket = new (zeromq().XPublisher)({
      ...commonOptions(options),
      ...admission.socketOptions,
      maxMessageSize: MAX_REQUEST_BYTES,
      tcpMaxRetransmitTimeout: TAKES_NOTHING_HEARTBEATS * (options.heartbeatMs ?? DEFAULT_HEARTBEAT_MS),
      sendHighWaterMark: options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK,
      ...(options.sendBufferBytes !== undefined && { sendBufferSize: options.sendBufferBytes }),
      // Without a timeout a send never waits inside ZeroMQ, and overlapping sends are not refused with EBUSY.
      sendTimeout: 0,
      noDrop: true,
      // Each subscription, but only the last end of each: when a peer that subscribed twice disconnects, only one end
      // is reported, so counting starts and ends would never reach zero (measured).
      verbosity: 'allSubs',
    })
    const events = new ZeromqEvents(socket)
    const publisher = new ZeromqPublishSocket(socket, {
      events,
      lookUp: this.#lookUp,
      onRefused: admission.report,
    })
    admission.guard(events, publisher)
    try {
      await publisher.attach(options.bind ?? [], options.connect ?? [])
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
    // An XSUB socket is a SUB socket that can send messages to its publishers.
    const socket = new (zeromq().XSubscriber)({
      ...commonOptions(options),
      ...(curve && clientOptions(curve)),
      receiveHighWaterMark: options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK,
      sendTimeout: 0,
      linger: 0,
    })
    const events = new ZeromqEvents(socket)
    const reports = new RefusalReports(this.#onRefused)
    const publicKey = curve?.keys.publicKey
    const subscriber = new ZeromqSubscribeSocket(socket, curve !== undefined, {
      events,
      lookUp: this.#lookUp,
      onRefused: (reason, endpoint) => reports.add({ side: 'subscriber', reason, endpoint, publicKey }),
    })
    events.on('handshake', () => reports.forget())
    await subscriber.attach(options.bind ?? [], options.connect ?? [])
    return subscriber
  }
}
