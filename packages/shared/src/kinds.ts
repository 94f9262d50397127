import { sliceRows, type Block, type BlockKind, type BlockOf, type SourceKind } from './block.ts'
import type { DeliveryPolicy } from './delivery/delivery-policy.ts'

/**
 * The properties that distinguish one kind of block from the others. Everything that depends on the kind is a property
 * here, so that the compiler asks for each of them when a kind is added. Each codec defines how the kind is
 * transmitted.
 */
export interface Kind<B extends Block = Block> {
  /** The default name of a stream. */
  readonly stream: string
  /** The default endpoint of its streams. */
  readonly endpoint: string
  /** The delivery policy of a subscriber that only shows it. */
  readonly delivery: DeliveryPolicy
  /** True when values in quick succession may share a message. */
  readonly isBatched: boolean
  /** True when values cost so much that they are neither made nor received while nobody watches. */
  readonly isPausable: boolean
  /**
   * True when an old value is worthless once there is a newer one: queues are then short, and a subscriber with a slow
   * network gets a lane of its own.
   */
  readonly isNewestFirst: boolean
  /** True when publishers send it without being asked to, so that whoever shows everything waits for it. */
  readonly isExpected: boolean
  /**
   * True when a listening subscriber takes every stream of the kind, because each publisher that connects may bring
   * one.
   */
  readonly listensToAll: boolean
  /**
   * True when sources yield it: `zcast publish` sends it, and the dashboard shows it. What people say in a room has
   * none.
   */
  readonly hasSources: boolean
  /** The number of values in a block; sequence numbers count these. */
  count(block: B): number
  /** A part of a block that holds more than one value, as a view: `count` values from number `first` on. */
  slice(block: B, first: number, count: number): B
}

/** One row per kind. */
export const KINDS: { readonly [K in BlockKind]: Kind<BlockOf<K>> } = {
  numbers: {
    stream: 'random',
    endpoint: 'tcp://127.0.0.1:5556',
    delivery: 'all',
    isBatched: true,
    isPausable: false,
    isNewestFirst: false,
    isExpected: true,
    listensToAll: false,
    hasSources: true,
    count: ({ rows }) => rows,
    slice: sliceRows,
  },
  video: {
    stream: 'main',
    endpoint: 'tcp://127.0.0.1:5557',
    delivery: 'latest',
    isBatched: false,
    isPausable: true,
    isNewestFirst: true,
    isExpected: true,
    listensToAll: true,
    hasSources: true,
    count: () => 1,
    slice: (frame) => frame,
  },
  audio: {
    stream: 'main',
    endpoint: 'tcp://127.0.0.1:5558',
    // A second: who falls behind hears the newest one.
    delivery: 'queue:50',
    isBatched: false,
    isPausable: true,
    isNewestFirst: false,
    isExpected: false,
    listensToAll: true,
    hasSources: true,
    count: () => 1,
    slice: (sound) => sound,
  },
  voice: {
    stream: 'main',
    // A room sends everything on one endpoint.
    endpoint: 'tcp://127.0.0.1:5560',
    delivery: 'queue:50',
    isBatched: false,
    isPausable: true,
    isNewestFirst: false,
    isExpected: false,
    listensToAll: true,
    hasSources: false,
    count: () => 1,
    slice: (sound) => sound,
  },
  chat: {
    stream: 'main',
    // A room sends everything on one endpoint.
    endpoint: 'tcp://127.0.0.1:5560',
    delivery: 'all',
    isBatched: false,
    isPausable: false,
    isNewestFirst: false,
    isExpected: false,
    listensToAll: true,
    hasSources: false,
    count: () => 1,
    slice: (message) => message,
  },
}

/** The names of all kinds, in the order in which they are listed to people. */
export const KIND_NAMES = Object.keys(KINDS) as readonly BlockKind[]

/** The names of the kinds that sources yield: those that are published, and shown by the dashboard. */
export const SOURCE_KINDS = KIND_NAMES.filter((kind) => KINDS[kind].hasSources) as readonly SourceKind[]

/** The same as people write them: `numbers, video, or audio`. Intl.ListFormat costs each start 20 ms (measured). */
export const KIND_CHOICES = `${SOURCE_KINDS.slice(0, -1).join(', ')}, or ${SOURCE_KINDS.at(-1)}`

/** True when the text is the name of a kind. */
export function isKind(name: string | undefined): name is BlockKind {
  return name !== undefined && Object.hasOwn(KINDS, name)
}

/** True when the text is the name of a kind that sources yield. */
export function isSourceKind(name: string | undefined): name is SourceKind {
  return isKind(name) && KINDS[name].hasSources
}

/** The kind of a block, typed so that its functions accept that very block. */
export function kindOf(block: Block): Kind {
  return KINDS[block.kind]
}

/** The number of values in a block: rows of numbers, or one frame, piece of sound or message. Sequence numbers count these. */
export function valueCount(block: Block): number {
  return kindOf(block).count(block)
}

/** A part of a block, as a view of the same data; the block itself when the part is the whole block. */
export function sliceValues(block: Block, first: number, count: number): Block {
  return kindOf(block).slice(block, first, count)
}
