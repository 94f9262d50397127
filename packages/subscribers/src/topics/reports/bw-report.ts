import { Distribution } from '../distribution.ts'
import type { TopicAccount } from '../topic-account.ts'

/** How many bytes a topic takes. Its `mean`, `min`, `max` and so on are bytes of a whole message. */
export interface BwReport {
  readonly type: 'bw'
  readonly topic: string
  /** Bytes a second, without what ZeroMQ and the network add; `null` before the second message. */
  readonly rate: number | null
  /** Messages a second. */
  readonly messages: number | null
  readonly mean: number | null
  readonly min: number | null
  readonly max: number | null
  readonly deviation: number | null
  readonly p50: number | null
  readonly p90: number | null
  readonly p99: number | null
  /** Bytes and messages since the beginning. */
  readonly bytes: number
  readonly received: number
  /** True while more comes than can be read here. */
  readonly behind: boolean
}

/** Reports how many bytes came in the window. @param messages - Messages a second. */
export function reportBw(
  account: TopicAccount,
  nowMs: number,
  { messages, behind }: { readonly messages: number | null; readonly behind: boolean },
): BwReport {
  const sizes = Distribution.summarize(account.window.slices(nowMs).map((slice) => slice.sizes))
  return {
    type: 'bw',
    topic: account.topic,
    rate: messages === null || !sizes ? null : messages * sizes.mean,
    messages,
    mean: sizes?.mean ?? null,
    min: sizes?.min ?? null,
    max: sizes?.max ?? null,
    deviation: sizes?.deviation ?? null,
    p50: sizes?.p50 ?? null,
    p90: sizes?.p90 ?? null,
    p99: sizes?.p99 ?? null,
    bytes: account.bytes,
    received: account.messages,
    behind,
  }
}
