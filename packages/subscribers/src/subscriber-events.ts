import type { NetworkReading } from '@zcast/shared'
import type { SubscriberState } from './subscriber-state.ts'

/** Values of one topic that were found to be lost. */
export interface Loss {
  readonly topic: string
  /** Values found missing since the previous event. One that arrives late is subtracted from the total again. */
  readonly lost: number
  /** The sum since the subscriber opened. */
  readonly total: number
}

/** The capacity of the network for one topic of pictures. */
export interface NetworkChange {
  readonly topic: string
  /** The reading while the network carries less than is sent; `undefined` once it carries everything again. */
  readonly network: NetworkReading | undefined
}

/** A change of the rendition that is received of one stream; only with the option `rendition`. */
export interface RenditionChange {
  /** The topic that was subscribed to. */
  readonly topic: string
  /** The name of the rendition that is received in its place, such as `360p`; `undefined` for the stream itself. */
  readonly rendition: string | undefined
}

/** The events of a subscriber, and their data: {@link Subscriber.on}. */
export interface SubscriberEvents {
  /** The state has changed. */
  readonly state: SubscriberState
  /** Values were lost: sent, and never arrived. */
  readonly loss: Loss
  /**
   * The network carries less of a topic than is sent, or carries everything again. The pictures that arrive are still
   * fresh.
   */
  readonly network: NetworkChange
  /** Another rendition of a stream is received in its place. */
  readonly rendition: RenditionChange
}

/** The names of all events. */
export const SUBSCRIBER_EVENTS = ['state', 'loss', 'network', 'rendition'] as const
