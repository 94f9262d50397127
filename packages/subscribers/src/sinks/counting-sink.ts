import type { Sink } from './sink.ts'

/** Takes everything and shows nothing: the subscriber's accounts are all that is wanted. */
export class CountingSink implements Sink {
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
