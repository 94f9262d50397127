import { DEFAULT_BATCH_BYTES } from '../batcher.ts'
import type { PublisherParts } from '../publisher-parts.ts'
import { StreamRun } from '../stream-run.ts'
import { beginTopic } from './begin-topic.ts'
import type { ChosenTopic } from './choose-topic.ts'
import { Outbox } from './outbox.ts'
import type { TopicLink } from './topic-handle.ts'

/**
 * Begins a topic whose values are numbered here, and connects its handle to the publisher.
 *
 * @param onEnd - Called when the topic has ended.
 */
export function linkTopic(parts: PublisherParts, chosen: ChosenTopic, onEnd: () => void): TopicLink {
  const { batch, counts: countTable, hold } = parts
  const { topic, kind, stream, shape } = chosen
  const { signal } = parts.closing
  const run = new StreamRun(parts.sender, {
    topics: new Map([['', topic]]),
    counts: countTable.of(stream),
    maxValues: Number.POSITIVE_INFINITY,
    batch,
    signal,
  })
  const begun = beginTopic(parts, chosen, { kind, epoch: () => run.epoch, shape })
  // The outbox joins what comes in one turn of the event loop: only a longer wait, or none, is left to the run.
  const isJoined = batch !== false && !batch.lingerMs
  const outbox = new Outbox({
    topic,
    messageBytes: (batch && batch.maxBytes) || DEFAULT_BATCH_BYTES,
    send: async (block) => {
      await (isJoined ? run.send(block) : run.take(block))
      if (hold?.isHeld) await hold.untilReleased(signal)
    },
    onOverflow: begun.onOverflow,
  })
  const end = async (): Promise<void> => {
    try {
      await run.end()
    } finally {
      begun.end()
      onEnd()
    }
  }
  return { topic, outbox, demand: begun.demand, end }
}
