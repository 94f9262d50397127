import { Demand, formatTopic, KINDS } from '@zcast/shared'
import type { PublishRunOptions } from './publisher-options.ts'
import type { PublisherParts } from './publisher-parts.ts'
import type { Source } from './sources/source.ts'
import { StreamRun } from './stream-run.ts'

/** A source that always has something to send is interrupted this often, so that the event loop turns. */
const LONGEST_RUN_MS = 10

/**
 * The topic of each output of a source: the stream itself, and its renditions.
 *
 * @throws {@link OptionError} `ERR_TOPIC` when the stream's name breaks the rules.
 */
export function topicsOf({ kind, renditions = [] }: Source, stream: string): ReadonlyMap<string, string> {
  return new Map(
    ['', ...renditions].map((output) => [output, formatTopic(kind, stream, output || undefined)]),
  )
}

/** Sends a source's blocks to these topics until the source ends, or is to end: {@link Publisher.run}. */
export async function runSource(
  parts: PublisherParts,
  source: Source,
  topics: ReadonlyMap<string, string>,
  options: PublishRunOptions,
): Promise<void> {
  const { audience, codec, counts, hold, offers } = parts
  const { stream, maxValues = Number.POSITIVE_INFINITY, always = false, waitFor = 0 } = options
  const { kind, renditions, shape, resumesWithinMs: graceMs } = source
  const signal = options.signal ?? new AbortController().signal
  const demand = new Demand(always ? topics.keys() : [])
  const endCounts = counts.begin(stream, source)
  const endDemand = parts.demands.add({ demand, topics, always, graceMs })
  const batch = KINDS[kind].isBatched && parts.batch
  const run = new StreamRun(parts.sender, { topics, counts: counts.of(stream), maxValues, batch, signal })
  for (const [output, topic] of topics)
    offers.begin(topic, {
      kind,
      renditions,
      epoch: () => run.epoch,
      shape: output === '' ? shape : undefined,
    })
  try {
    const ended = AbortSignal.any([signal, parts.closing.signal])
    const prefixes = [...topics.values()].flatMap((topic) => codec.prefixes(topic))
    if (waitFor > 0) await audience.untilThere(prefixes, waitFor, ended)
    if (ended.aborted) return
    let turnedAtMs = performance.now()
    for await (const block of source.blocks({ signal: ended, demand, blockBytes: run.blockBytes })) {
      const taking = run.take(block)
      if (taking) await taking
      if (hold?.isHeld) await hold.untilReleased(ended)
      if (run.isComplete || signal.aborted || parts.isClosed) break
      if (performance.now() - turnedAtMs > LONGEST_RUN_MS) {
        await new Promise(setImmediate)
        turnedAtMs = performance.now()
      }
    }
  } finally {
    endDemand()
    endCounts()
    // Blocks that a source yielded before it failed are sent as well.
    try {
      await run.end()
    } finally {
      for (const topic of topics.values()) offers.end(topic)
    }
  }
}
