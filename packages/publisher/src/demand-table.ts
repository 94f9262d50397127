import { type Demand, KINDS, parseTopic } from '@zcast/shared'
import { isKind } from '@zcast/shared/internal'

/** The topics of a source's outputs, or of a handle, and the demand that is told which of them are wanted. */
export interface WatchedTopics {
  readonly demand: Demand
  /** By output. */
  readonly topics: ReadonlyMap<string, string>
  /** True where all of them are wanted, even when nobody watches. Default false. */
  readonly always?: boolean
  /** How long a first watcher waits for the next value before the last one is repeated, in milliseconds. Default 500. */
  readonly graceMs?: number | undefined
}

/** The first watcher of a video gets its next picture: the source resumes at once, and may have a newer one. */
const FIRST_VIEWER_GRACE_MS = 500

/** Tells sources and handles which of their topics are wanted. */
export class DemandTable {
  readonly #watched = new Set<WatchedTopics>()
  readonly #wants: (topic: string) => boolean

  /** @param wants - Returns true when somebody wants a topic. */
  constructor(wants: (topic: string) => boolean) {
    this.#wants = wants
  }

  /** Tells a demand of its topics, until the returned function is called. */
  add(watched: WatchedTopics): () => void {
    this.#watched.add(watched)
    this.#refreshOne(watched)
    return () => void this.#watched.delete(watched)
  }

  /** Tells what has changed. */
  refresh(): void {
    for (const watched of this.#watched) this.#refreshOne(watched)
  }

  /** How long somebody who has just joined waits for the next value of a topic before its last one is repeated. */
  graceMs(topic: string): number {
    const kind = parseTopic(topic)?.kind
    if (!isKind(kind) || !KINDS[kind].isPausable || this.#wants(topic)) return 0
    const own = [...this.#watched].find(({ topics }) => [...topics.values()].includes(topic))
    return own?.graceMs ?? FIRST_VIEWER_GRACE_MS
  }

  #refreshOne({ demand, topics, always = false }: WatchedTopics): void {
    for (const [output, topic] of topics) demand.set(output, always || this.#wants(topic))
  }
}
