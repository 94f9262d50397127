import type {
  BlockKind,
  Codec,
  EndpointChoice,
  Log,
  PeerState,
  SocketOptions,
  Transport,
} from '@zcast/shared'
import type { MaxRate } from './max-rate.ts'
import type { Carries } from './queue-choice.ts'
import type { RelaySource } from './upstream.ts'

/** Options of {@link Relay.open}. */
export interface RelayOptions extends EndpointChoice, Pick<SocketOptions, 'heartbeatMs' | 'maxMessageBytes'> {
  /** Where values come from; at least one. */
  readonly from: readonly RelaySource[]
  /** For those below. Default: the transport that the endpoints name, without keys. */
  readonly transport?: Transport | undefined
  /** The format for those below. Default: the wire format, version 1. */
  readonly codec?: Codec | undefined
  /** With `codec`, the kinds of streams that its format carries; no others are handed on. Default: numbers and video. */
  readonly kinds?: readonly BlockKind[] | undefined
  /** With `codec`, true when its messages do not name their stream: only the first one is handed on. Default false. */
  readonly isNameless?: boolean | undefined
  /**
   * `all` loses nothing but pictures: it waits for the slowest subscriber below, and asks publishers above that may lose
   * nothing to wait. Default: a subscriber whose queue is full misses what does not fit.
   */
  readonly delivery?: 'all' | undefined
  /** The most values a second of some topics. The first that applies to a topic counts. Default: no limit. */
  readonly maxRates?: readonly MaxRate[] | undefined
  /** Makes the queues for those below. Default: what the publishers above say within half a second. */
  readonly carries?: Carries | undefined
  /** Receives reports of what goes wrong. Default: no reports. */
  readonly log?: Log | undefined
  /** Called when a publisher above connects, refuses this end, or is gone. */
  readonly onState?: ((endpoints: readonly string[], state: PeerState) => void) | undefined
}
