import { wallClock } from '@zcast/shared'

/** Counts since the start, and the latencies of a period. */
export interface Figures {
  /** Values received or, of a publisher, sent. */
  readonly values: number
  readonly lost: number
  readonly skipped: number
  /**
   * Pictures that were withheld or lost: they are sent newest first, and a program may stand still for longer than some of
   * them on a machine too busy for it.
   */
  readonly missed?: number
  /** Milliseconds, over the period; `undefined` where there is none. */
  readonly latency: { readonly p50: number; readonly p99: number } | undefined
}

/** Keeps the accounts of one process from the lines that it prints. */
export interface Accounts {
  take(line: string): void
  /** The figures now; begins a new period. */
  read(): Figures
}

interface RelayReport {
  readonly sent: number
  readonly topics: Readonly<Record<string, { readonly lost: number; readonly dropped: number }>>
}

/** True for a topic of pictures, which are sent newest first, and to nobody who is too slow for them. */
export function isOfPictures(topic: string): boolean {
  return topic.startsWith('video')
}

/** The accounts of a relay, as it tells them: with delivery `all` it may lose nothing but pictures. */
export class RelayAccounts implements Accounts {
  #newest: RelayReport = { sent: 0, topics: {} }

  take(line: string): void {
    this.#newest = JSON.parse(line) as RelayReport
  }

  read(): Figures {
    const [lost, missed] = [this.#missing(false), this.#missing(true)]
    return { values: this.#newest.sent, lost, skipped: 0, missed, latency: undefined }
  }

  /** Values of all topics of pictures, or of all others, that a relay did not get or could not send. */
  #missing(ofPictures: boolean): number {
    return Object.entries(this.#newest.topics)
      .filter(([topic]) => isOfPictures(topic) === ofPictures)
      .reduce((sum, [, { lost, dropped }]) => sum + lost + dropped, 0)
  }
}

/** The accounts of a client, kept from its values and not from what it says of itself. */
export class ClientAccounts implements Accounts {
  #values = 0
  #lost = 0
  #next: number | undefined
  #latencies: number[] = []

  take(line: string): void {
    const { seq, time } = JSON.parse(line) as { seq: number; time: number }
    this.#latencies.push((wallClock() - time) * 1000)
    this.#values += 1
    this.#lost += Math.abs(seq - (this.#next ?? seq))
    this.#next = seq + 1
  }

  read(): Figures {
    const latency = percentiles(this.#latencies)
    this.#latencies = []
    return { values: this.#values, lost: this.#lost, skipped: 0, latency }
  }
}

interface ViewerReport {
  readonly received: number
  readonly lost: number
  readonly withheld: number
  readonly skipped: number
  readonly latencyMs: { readonly p50: number; readonly p99: number } | null
}

/** The accounts of a viewer: what it says of itself each second. The latency is the median of p50 and the worst p99. */
export class ViewerAccounts implements Accounts {
  #newest: ViewerReport = { received: 0, lost: 0, withheld: 0, skipped: 0, latencyMs: null }
  #medians: number[] = []
  #worst = 0

  take(line: string): void {
    const report = JSON.parse(line) as ViewerReport & { type: string }
    this.#newest = report
    if (report.type !== 'stats' || !report.latencyMs) return
    this.#medians.push(report.latencyMs.p50)
    this.#worst = Math.max(this.#worst, report.latencyMs.p99)
  }

  read(): Figures {
    const { received, lost, withheld, skipped } = this.#newest
    const latency = this.#medians.length > 0 && {
      p50: percentiles(this.#medians)?.p50 ?? 0,
      p99: this.#worst,
    }
    this.#medians = []
    this.#worst = 0
    return { values: received, skipped, lost: 0, missed: lost + withheld, latency: latency || undefined }
  }
}

/** The accounts of a publisher of several streams: what it says of each, added up. Dropped before sending is lost. */
export class PublisherAccounts implements Accounts {
  readonly #streams = new Map<string, { sent: number; dropped: number }>()

  take(line: string): void {
    const report = JSON.parse(line) as { topic: string; sent: number; dropped: number }
    this.#streams.set(report.topic, report)
  }

  read(): Figures {
    const streams = [...this.#streams.values()]
    const sum = (key: 'sent' | 'dropped'): number => streams.reduce((total, stream) => total + stream[key], 0)
    return { values: sum('sent'), lost: sum('dropped'), skipped: 0, latency: undefined }
  }
}

interface RecorderReport {
  readonly recorded: number
  readonly withheld: number
  readonly unwritten: number
  readonly lostByTopic: Readonly<Record<string, number>>
}

/** The accounts of a recorder: what it says of itself each second. */
export class RecorderAccounts implements Accounts {
  #newest: RecorderReport = { recorded: 0, withheld: 0, unwritten: 0, lostByTopic: {} }

  take(line: string): void {
    this.#newest = JSON.parse(line) as RecorderReport
  }

  read(): Figures {
    const { recorded, withheld, unwritten, lostByTopic } = this.#newest
    const lost = (ofPictures: boolean): number =>
      Object.entries(lostByTopic)
        .filter(([topic]) => isOfPictures(topic) === ofPictures)
        .reduce((sum, [, count]) => sum + count, 0)
    const counts = { lost: lost(false) + unwritten, missed: lost(true) + withheld }
    return { values: recorded, skipped: 0, ...counts, latency: undefined }
  }
}

function percentiles(values: readonly number[]): Figures['latency'] {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  return sorted.length === 0 ? undefined : { p50: at(0.5), p99: at(0.99) }
}
