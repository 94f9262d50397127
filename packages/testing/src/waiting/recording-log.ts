import { EventEmitter, once } from 'node:events'
import type { Log } from '@zcast/shared'

/** A log that keeps its lines, and lets a test wait for one. */
export class RecordingLog implements Log {
  readonly lines: string[] = []
  readonly #events = new EventEmitter()

  error(message: string): void {
    this.lines.push(message)
    this.#events.emit('line')
  }

  warning(message: string): void {
    this.error(message)
  }

  close(): void {}

  /** The first `count` lines, once there are so many. */
  async first(count: number): Promise<string[]> {
    while (this.lines.length < count) await once(this.#events, 'line')
    return this.lines.slice(0, count)
  }
}
