import type { Sound } from '@zcast/shared'

/** Why a piece of sound cannot be played or written here, as a sentence; `undefined` when it can. */
export function describeUnplayable(topic: string, { format }: Sound): string | undefined {
  if (format === 's16') return undefined
  return `${topic} is sent as ${format}, which is not decoded here: put a DecodedSink before this sink, or let its publisher send s16`
}
