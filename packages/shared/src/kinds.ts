import { sliceRows, type Block, type BlockKind, type BlockOf } from './block.ts'
import type { DeliveryPolicy } from './delivery/delivery-policy.ts'

/**
 * What distinguishes one kind of block from the others. What can be decided by kind is a property here, so that whoever adds a
 * kind is asked each question by the compiler. How it travels is a part of each codec.
 */
export interface Kind<B extends Block = Block> {
  /** What a stream is called unless told otherwise. */
  readonly stream: string
  /** Where its streams live unless told otherwise. */
  readonly endpoint: string
  /** How a subscriber that only shows it delivers. */
  readonly delivery: DeliveryPolicy
  /** Whether values that come fast may share a message. */
  readonly isBatched: boolean
  /** Whether to make it costs so much that nobody makes or receives it while nobody watches. */
  readonly isPausable: boolean
  /**
   * Whether an old value is worth nothing once a newer one is there: then queues are short, and a subscriber whose network is
   * slow is given a lane of its own.
   */
  readonly isNewestFirst: boolean
  /** Whether a publisher sends it without being asked to, so that whoever shows everything waits for it. */
  readonly isExpected: boolean
  /** Whether a subscriber that listens takes every stream of the kind, since each publisher that comes may bring one. */
  readonly listensToAll: boolean
  /** How many values a block holds; sequence numbers count these. */
  count(block: B): number
  /** A part of a block that holds more than one value, as a view: `count` values from number `first` on. */
  slice(block: B, first: number, count: number): B
}

/** One row a kind. */
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
    count: () => 1,
    slice: (sound) => sound,
  },
}

/** The names of all kinds, in the order in which people are told of them. */
export const KIND_NAMES = Object.keys(KINDS) as readonly BlockKind[]

/** The names as people write them: `numbers, video, or audio`. */
export const KIND_CHOICES = new Intl.ListFormat('en', { type: 'disjunction' }).format(KIND_NAMES)

/** Whether this is the name of a kind. */
export function isKind(name: string | undefined): name is BlockKind {
  return name !== undefined && Object.hasOwn(KINDS, name)
}

/** The kind of a block, as far as its properties and its functions for that very block go. */
export function kindOf(block: Block): Kind {
  return KINDS[block.kind]
}

/** How many values a block holds: rows of numbers, or one frame or piece of sound. Sequence numbers count these. */
export function valueCount(block: Block): number {
  return kindOf(block).count(block)
}

/** A part of a block, as a view on the same data; the block itself when all of it is asked for. */
export function sliceValues(block: Block, first: number, count: number): Block {
  return kindOf(block).slice(block, first, count)
}
