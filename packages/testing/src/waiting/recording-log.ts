import type { Log } from '@zcast/shared'
import { Recorder } from './recorder.ts'

/** A log that keeps its lines, and lets a test wait for one. */
export class RecordingLog implements Log {
  readonly #recorder = new Recorder<string>()
  readonly lines = this.#recorder.seen

  error(message: string): void {
    this.#recorder.add(message)
  }

  warning(message: string): void {
    this.error(message)
  }

  close(): void {}

  /** The first line that matches, once there is one: others may come before it. */
  async line(pattern: RegExp): Promise<string> {
    await this.#recorder.until((lines) => lines.some((line) => pattern.test(line)))
    return this.lines.find((line) => pattern.test(line)) as string
  }

  /** The first `count` lines, once there are so many. */
  async first(count: number): Promise<string[]> {
    return (await this.#recorder.count(count)).slice(0, count)
  }
}
