import type { BatchOptions, Publisher, Source } from '@zcast/publisher'
import type { SourceListener } from '@zcast/publisher/video'
import type { Format } from '@zcast/formats'
import type { BlockKind } from '@zcast/shared'
import type { CommandContext } from '../../command-context.ts'
import type { SocketPlan } from '../../options/sockets/plan-socket.ts'

/** One stream, its options checked and nothing opened yet. */
export interface StreamMember {
  readonly stream: string
  readonly topic: string
  /** True when its source adds further streams, one for each client. */
  readonly grows?: boolean
  /** True when it may turn out that nothing is ever sent. */
  readonly isUncertain?: boolean
  /** @returns `undefined` where it turns out that there is nothing to send. */
  open(context: CommandContext): Promise<Source | SourceListener | undefined>
}

/** The streams of one kind, which share the same endpoints. */
export interface StreamPlan extends SocketPlan {
  readonly kind: BlockKind
  /** That of other programs; zcast's own without it. */
  readonly format?: Format | undefined
  readonly bind: readonly string[]
  readonly connect: readonly string[]
  /** Whether a free port is taken where that of `bind` is in use. Default false. */
  readonly mayMove?: boolean | undefined
  /** Whether it goes with other streams, and ends with them. Default false. */
  readonly isCompanion?: boolean | undefined
  /** `all`: wait for the slowest subscriber instead of dropping its messages. */
  readonly delivery: 'all' | undefined
  /** The number of subscribers that each stream waits for before it starts. */
  readonly waitFor: number
  /** The way in which arrays of numbers share messages. */
  readonly batch: BatchOptions | false
  /** True when a window shows what is sent. */
  readonly preview: boolean
  /** True when the sources work while nobody watches. */
  readonly always: boolean
  /** At least one. */
  readonly members: readonly StreamMember[]
}

/** One stream, opened. */
export interface OpenMember {
  readonly member: StreamMember
  readonly source: Source | SourceListener
}

/** The streams of one socket. */
export interface PublisherRun {
  readonly plan: StreamPlan
  readonly publisher: Publisher
  readonly members: readonly OpenMember[]
}
