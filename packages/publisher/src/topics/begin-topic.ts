import { type CodecError, Demand } from '@zcast/shared'
import type { PublisherParts } from '../publisher-parts.ts'
import type { StreamCounts } from '../stream-counts.ts'
import type { BegunTopic } from './topic-offers.ts'

/** The topic of a handle, and the name of its stream. */
export interface HandleTopic {
  readonly topic: string
  readonly stream: string
}

/** What the handles of all topics have. */
export interface TopicStart {
  readonly counts: StreamCounts
  readonly demand: Demand
  /** Counts and tells a value that is refused because too many are waiting. */
  readonly onOverflow: (error: CodecError) => void
  /** Ends the topic, for those who ask what there is and those who watch. */
  readonly end: () => void
}

/**
 * Begins a topic of a handle.
 *
 * @param onWatched - Called when somebody begins to want it, and when nobody does any more.
 */
export function beginTopic(
  { counts: countTable, demands, log, offers }: PublisherParts,
  { topic, stream }: HandleTopic,
  begun: BegunTopic,
  onWatched?: (isWatched: boolean) => void,
): TopicStart {
  const counts = countTable.of(stream)
  const demand = new Demand()
  if (onWatched) demand.onChange(() => onWatched(demand.wanted.size > 0))
  offers.begin(topic, begun)
  const endDemand = demands.add({ demand, topics: new Map([['', topic]]) })
  return {
    counts,
    demand,
    onOverflow: (error) => {
      counts.dropped += 1
      log?.warning(error.message, undefined, `overflow ${topic}`)
    },
    end: () => {
      offers.end(topic)
      endDemand()
    },
  }
}
