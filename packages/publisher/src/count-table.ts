import type { Source } from './sources/source.ts'
import type { StreamCounts } from './stream-counts.ts'

/** The counts of every stream that has run since the publisher opened. */
export class CountTable {
  readonly #counts = new Map<string, StreamCounts>()
  readonly #running = new Map<string, Source>()

  /** The names of the streams. */
  get streams(): readonly string[] {
    return [...this.#counts.keys()]
  }

  /** The counts of a stream, to be added to. */
  of(stream: string): StreamCounts {
    const counts = this.#counts.get(stream) ?? { sent: 0, dropped: 0 }
    this.#counts.set(stream, counts)
    return counts
  }

  /** Counts what a running source leaves out, too, until the returned function is called. */
  begin(stream: string, source: Source): () => void {
    const counts = this.of(stream)
    this.#running.set(stream, source)
    return () => {
      this.#running.delete(stream)
      counts.dropped += source.dropped ?? 0
    }
  }

  /** The counts of a stream now; zeros for one that never ran. */
  read(stream: string): Readonly<StreamCounts> {
    const { sent, dropped } = this.#counts.get(stream) ?? { sent: 0, dropped: 0 }
    return { sent, dropped: dropped + (this.#running.get(stream)?.dropped ?? 0) }
  }

  /** A count of all streams together. */
  total(count: keyof StreamCounts): number {
    return this.streams.reduce((sum, stream) => sum + this.read(stream)[count], 0)
  }
}
