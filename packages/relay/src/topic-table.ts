import type { Publisher } from '@zcast/publisher'
import { parseTopic, Statistics } from '@zcast/shared'
import { isKind } from '@zcast/shared/internal'
import type { AskedBelow } from './asked-below.ts'
import type { HoldAbove } from './hold-above.ts'
import { isMeant, RateLimit } from './max-rate.ts'
import type { OtherFormat } from './other-format.ts'
import type { RelayOptions } from './relay-options.ts'
import type { RelayCounts } from './relay-report.ts'
import { RelayedTopic } from './relayed-topic.ts'
import type { Upstream } from './upstream.ts'
import { WaitingPictures } from './waiting-pictures.ts'

/** The parts of its relay that a {@link TopicTable} needs. */
export interface TopicTableOptions extends Pick<RelayOptions, 'log' | 'maxRates'> {
  readonly upstreams: readonly Upstream[]
  /** Sends to those below. */
  readonly publisher: Pick<Publisher, 'forward'>
  readonly asked: AskedBelow
  readonly hold: HoldAbove
  /** Where those below read the format of another program. */
  readonly format: OtherFormat | undefined
}

/** The most topics that are counted; further ones are passed on as they come. */
const MAX_TOPICS = 256

/** The topics that pass a relay. */
export class TopicTable {
  readonly #options: TopicTableOptions
  readonly #statistics = new Statistics()
  readonly #pictures: WaitingPictures
  readonly #topics = new Map<string, RelayedTopic>()
  /** Topics that some publisher above says it has. */
  #offered = new Set<string>()
  #isClosed = false

  constructor(options: TopicTableOptions) {
    this.#options = options
    this.#pictures = new WaitingPictures((bytes) => options.hold.waits(bytes))
  }

  /** The topic of this name, new or known; `undefined` for one that is not counted. */
  topic(name: string): RelayedTopic | undefined {
    const known = this.#topics.get(name)
    if (!known) return this.#begin(name)
    const { format } = this.#options
    // Another one may have taken its place.
    return format?.isNameless && !format.takes(name) ? undefined : known
  }

  /** Takes what an upstream says that it has, and ends what none has any more. */
  takeOffers(upstream: Upstream): void {
    const { asked, format, upstreams } = this.#options
    const offered = new Set(upstreams.flatMap((each) => [...each.offers.keys()]))
    const ended = [...this.#offered].filter((name) => !offered.has(name))
    this.#offered = offered
    for (const name of ended) format?.ended(name)
    // What any of them has may take the place of one that has ended.
    for (const each of format && ended.length > 0 ? upstreams : [upstream])
      for (const offer of each.offers.values()) this.topic(offer.topic)?.announce(offer)
    // Its counts stay, but it is announced no longer, and its last value is not kept.
    for (const name of ended) this.#topics.get(name)?.end()
    if (format && ended.length > 0) asked.again()
  }

  /** What came of each topic, and what became of it. */
  counts(): Readonly<Record<string, RelayCounts>> {
    const counts: Record<string, RelayCounts> = {}
    for (const [name, { accounts, sent, leftOut, dropped }] of this.#topics) {
      const { received, lost, withheld, repeated } = accounts.counts()
      counts[name] = { received, lost: lost ?? 0, withheld: withheld + leftOut, repeated, sent, dropped }
    }
    return counts
  }

  /** Begins no more topics. */
  close(): void {
    this.#isClosed = true
  }

  #begin(name: string): RelayedTopic | undefined {
    const { asked, format, hold, log, maxRates, publisher } = this.#options
    const kind = parseTopic(name)?.kind
    if (!isKind(kind) || this.#isClosed || format?.takes(name) === false) return undefined
    if (this.#topics.size >= MAX_TOPICS) {
      log?.warning(
        `more than ${MAX_TOPICS} topics pass this relay: further ones are passed on, but not counted or kept`,
        undefined,
        'relay topics',
      )
      return undefined
    }
    const rate = maxRates?.find((each) => isMeant(each, name))
    const topic = new RelayedTopic({
      kind,
      isOtherFormat: format !== undefined,
      pictures: this.#pictures,
      log,
      accounts: this.#statistics.topic(name),
      limit: rate && new RateLimit(rate.perSecond, performance.now()),
      open: (onWatched) => publisher.forward(name, { onWatched }),
      onWatched: (isWatched) => asked.watched(name, isWatched),
      onWaiting: (bytes) => hold.waits(bytes),
    })
    this.#topics.set(name, topic)
    return topic
  }
}
