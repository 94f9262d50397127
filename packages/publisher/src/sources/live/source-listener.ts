import type { Source } from '../source.ts'

/** Something that produces sources while it runs, for example from connecting clients. */
export interface SourceListener {
  /** The largest expected block of any of them, in bytes. */
  readonly expectedBytes: number
  /** The address it listens on. */
  readonly address: string
  /**
   * Passes each source to `publish`, until the signal aborts; frees everything before it resolves.
   *
   * @param publish - Runs a source to its end. `number` is the lowest free number, starting at 1.
   */
  listen(publish: (source: Source, number: number) => Promise<void>, signal: AbortSignal): Promise<void>
  /** Frees its resources without listening. May be called twice. */
  close(): Promise<void>
}
