import { statSync } from 'node:fs'
import { fileIdentity, logFilePath, openLogFiles } from './log-files.ts'
import type { NewestLogFile } from './log-reader.ts'
import { LogTail } from './log-tail.ts'

const MAX_ROTATED = 100
const QUIET_MS = 2000

/**
 * The files of a log that is being followed. Rotated ones are read on for a while: a process may have been about to
 * write when another one rotated. Holding them open also keeps the system from giving a new file their identity.
 */
export class LogTails {
  readonly #directory: string
  /** Oldest first. */
  readonly #tails: LogTail[] = []
  /** When the log was last seen being written. */
  #lastModified = -1n

  /** @param newest - The file to go on with, if there is one yet. */
  constructor(directory: string, newest: NewestLogFile | undefined) {
    this.#directory = directory
    if (!newest) return
    this.#tails.push(new LogTail(newest, newest.end))
    this.#lastModified = newest.modified
  }

  /** Yields the lines that were added since the last call, file after file. */
  async *read(): AsyncGenerator<string> {
    await this.#openNew()
    for (const tail of this.#tails.slice()) {
      // Asked before reading: what a deleted file holds by then is all that it will ever hold.
      const { modified, isDeleted } = tail.status()
      yield* tail.read()
      if (isDeleted) await this.#drop(tail)
      if (modified > this.#lastModified) this.#lastModified = modified
    }
    const rotated = this.#tails.slice(0, -1)
    for (const [index, tail] of rotated.entries()) {
      if (tail.quietMs > QUIET_MS || index < rotated.length - MAX_ROTATED) await this.#drop(tail)
    }
  }

  async close(): Promise<void> {
    for (const tail of this.#tails.slice()) await this.#drop(tail)
  }

  async #openNew(): Promise<void> {
    const named = statSync(logFilePath(this.#directory), { bigint: true, throwIfNoEntry: false })
    if (named && fileIdentity(named) === this.#tails.at(-1)?.identity) return
    // Without a file that is known and still there to stop at, only age tells what was there before. Where there is
    // one, age is no guide: a process held up for a moment may write into a file after newer ones were filled.
    const canStop = this.#tails.some((tail) => !tail.status().isDeleted)
    const since = canStop ? -1n : this.#lastModified
    const found: LogTail[] = []
    for await (const file of openLogFiles(this.#directory)) {
      const isKnown = this.#tails.some((tail) => tail.identity === file.identity)
      if (isKnown || file.modified < since) {
        await file.handle.close()
        break
      }
      found.unshift(new LogTail(file, 0))
    }
    this.#tails.push(...found)
  }

  async #drop(tail: LogTail): Promise<void> {
    this.#tails.splice(this.#tails.indexOf(tail), 1)
    await tail.close()
  }
}
