import type { Tap } from './tap.ts'

/** What a client is told of a channel. */
export interface Advertisement {
  /** Unsigned, 32 bits; never used again for another channel. */
  readonly id: number
  readonly topic: string
  readonly encoding: 'protobuf'
  readonly schemaName: string
  /** A serialized `FileDescriptorSet`, in base64. */
  readonly schema: string
  readonly schemaEncoding: 'protobuf'
}

/** A topic that clients can subscribe to. */
export interface Channel {
  readonly advertisement: Advertisement
  readonly tap: Tap
  /** True where an older message is worthless once there is a newer one. */
  readonly isNewestFirst: boolean
}
