import type { Sink } from './sink.ts'

/** Accepts everything and shows nothing: only the subscriber's accounts are wanted. */
export class CountingSink implements Sink {
  readonly isCounting = true

  async open(): Promise<void> {
    // Nothing to prepare.
  }

  write(): void {
    // The subscriber has counted it already.
  }

  async close(): Promise<void> {
    // Nothing to free.
  }
}
