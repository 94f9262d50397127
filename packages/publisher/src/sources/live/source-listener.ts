import type { Source } from '../source.ts'

/** Something that brings sources as it runs, such as clients that connect. */
export interface SourceListener {
  /** The largest block to expect of any of them, in bytes. */
  readonly expectedBytes: number
  /** Where it listens. */
  readonly address: string
  /**
   * Hands each source over to `publish`, until the signal aborts; frees everything before it resolves.
   *
   * @param publish - Runs a source to its end. `number` is 1 for the first of those there are, and the lowest that is free.
   */
  listen(publish: (source: Source, number: number) => Promise<void>, signal: AbortSignal): Promise<void>
  /** Frees what it holds without listening. May be called twice. */
  close(): Promise<void>
}
