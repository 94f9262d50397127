import { extname } from 'node:path'
import type { Log } from '@zcast/shared'
import { READ_FORMATS } from '@zcast/media'
import { countKinds } from './picture-files.ts'
import type { FileReading } from './picture-reader.ts'

/** The number of files reported by name; further ones are counted. */
const MOST_NAMED = 100

/**
 * Reports which files of a folder are not shown, or incomplete: each state of a file once, however often it is played.
 */
export class PassedOver {
  readonly #name: string
  readonly #log: Log | undefined
  readonly #told = new Map<string, string>()

  /** @param name - The folder's name. */
  constructor(name: string, log: Log | undefined) {
    this.#name = name
    this.#log = log
  }

  /**
   * Reports the problem of a file that is shown, if there is one; the existing part of a truncated picture is shown.
   */
  tell(path: string, reading: FileReading): void {
    if ('refusal' in reading) this.refuse(path, reading)
    else if (reading.isCutShort)
      this.#say(path, reading, `"${path}" is cut short: the part that exists is shown`)
  }

  /** Reports that a file is not shown. */
  refuse(path: string, reading: FileReading): void {
    const refusal = 'refusal' in reading ? reading.refusal : 'it is cut short'
    this.#say(path, reading, `skipped "${path}": ${refusal}`)
  }

  /** Reports pictures of other formats, each kind once. @param names - The names of the files. */
  others(names: readonly string[]): void {
    const untold = names.filter((name) => !this.#told.has(extname(name)))
    if (untold.length === 0) return
    for (const name of untold) this.#remember(extname(name), '')
    this.#log?.warning(`skipped pictures in "${this.#name}" (${countKinds(untold)}): ${READ_FORMATS}`)
  }

  #say(path: string, { identity }: FileReading, message: string): void {
    if (this.#told.get(path) === identity) return
    // With a common key, all further ones count as one event.
    const key = this.#told.size < MOST_NAMED ? undefined : `skipped pictures in ${this.#name}`
    this.#remember(path, identity)
    this.#log?.warning(message, undefined, key)
  }

  #remember(what: string, state: string): void {
    const oldest = this.#told.keys().next().value
    if (this.#told.size >= 100 * MOST_NAMED && oldest !== undefined) this.#told.delete(oldest)
    this.#told.set(what, state)
  }
}
