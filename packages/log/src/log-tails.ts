import { statSync } from 'node:fs'
import { fileIdentity, listLogIndexes, logFilePath, openLogFiles } from './log-files.ts'
import type { NewestLogFile } from './log-reader.ts'
import { LogTail } from './log-tail.ts'

const MAX_ROTATED = 100
const QUIET_MS = 2000

/**
 * The files of a log that is being followed. Rotated ones are still read for a while: a process may have been about to
 * write when another one rotated.
 */
export class LogTails {
  readonly #directory: string
  /** Oldest first. */
  readonly #tails: LogTail[] = []
  /** Files that existed before, or are already followed: a walk back through the log ends at the first of them. */
  #seen = new Set<string>()

  /** @param newest - The file to continue with, if there is one yet. */
  constructor(directory: string, newest: NewestLogFile | undefined) {
    this.#directory = directory
    if (!newest) return
    this.#tails.push(new LogTail(newest, newest.end))
    const present = identities(directory)
    // Files that appeared after that one was opened are new.
    const place = present.indexOf(newest.identity)
    this.#seen = new Set([newest.identity, ...(place < 0 ? identities(directory, 1) : present.slice(place))])
  }

  /** Yields the lines that were added since the last call, file after file. */
  async *read(): AsyncGenerator<string> {
    await this.#openNew()
    for (const tail of this.#tails.slice()) {
      // Checked before reading: what a deleted file holds at this point is all that it will ever hold.
      const { isDeleted } = tail.status()
      yield* tail.read()
      if (isDeleted) await this.#drop(tail)
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
    // The file followed last may have been removed, or renamed to something outside the log (logrotate, mv).
    const found: LogTail[] = []
    for await (const file of openLogFiles(this.#directory)) {
      if (this.#seen.has(file.identity)) {
        await file.handle.close()
        break
      }
      found.unshift(new LogTail(file, 0))
    }
    if (found.length === 0) return
    this.#tails.push(...found)
    const present = new Set(identities(this.#directory))
    const known = [...this.#seen, ...found.map(({ identity }) => identity)]
    this.#seen = new Set(known.filter((identity) => present.has(identity)))
  }

  async #drop(tail: LogTail): Promise<void> {
    this.#tails.splice(this.#tails.indexOf(tail), 1)
    await tail.close()
  }
}

/** The identities of the log's current files, newest first. */
function identities(directory: string, fromIndex = 0): string[] {
  return listLogIndexes(directory)
    .filter((index) => index >= fromIndex)
    .toSorted((a, b) => a - b)
    .flatMap((index) => {
      const status = statSync(logFilePath(directory, index), { bigint: true, throwIfNoEntry: false })
      return status ? [fileIdentity(status)] : []
    })
}
