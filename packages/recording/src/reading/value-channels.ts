import type { BlockKind } from '@zcast/shared'
import { kindOfChannel } from '../messages/decode-value.ts'
import type { RecordedChannel } from './chunk-file.ts'

/** A channel with values that zcast knows. */
export interface ValueChannel {
  readonly topic: string
  readonly kind: BlockKind
}

/** Those of a file's channels that have values and are wanted, by the id that messages name. */
export function valueChannels(
  channels: ReadonlyMap<number, RecordedChannel>,
  wants: (channel: RecordedChannel) => boolean = () => true,
): ReadonlyMap<number, ValueChannel> {
  const known = new Map<number, ValueChannel>()
  for (const [id, channel] of channels) {
    const kind = kindOfChannel(channel)
    if (kind && wants(channel)) known.set(id, { topic: channel.topic, kind })
  }
  return known
}
