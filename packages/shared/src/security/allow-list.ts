import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { errorMessage } from '../errors.ts'
import { DirectoryWatch } from '../files/directory-watch.ts'
import { findSystemCode } from '../system-error.ts'
import { KeySet } from './allowed-keys.ts'
import { listKeyNames, listKeys, publicKeyPath, readPublicKey } from './key-files.ts'

/** The source of allowed keys: one file, or every `*.key` of a directory. */
export interface AllowSource {
  readonly kind: 'file' | 'directory'
  readonly path: string
}

/** The events of an {@link AllowList} while it watches; one sentence each. */
export interface AllowListEvents {
  /** Called when keys were added or removed. */
  onChange?(text: string): void
  /** Called when a file or directory cannot be read: its keys are not allowed until it can be. */
  onProblem?(text: string): void
}

/** Files that are being written change several times in a row. */
const SETTLE_MS = 50

/** The keys that files and directories allow, reread when these change. */
export class AllowList {
  readonly keys = new KeySet()
  readonly #sources: readonly AllowSource[]
  readonly #on: AllowListEvents
  #problems: ReadonlySet<string> = new Set()
  /** Names by key. */
  #names: ReadonlyMap<string, string> = new Map()
  #stamp = ''

  /**
   * Reads the keys.
   *
   * @throws {@link OptionError} `ERR_KEY` when a source is missing or cannot be read. A file in a directory that is not
   *   a key is reported and skipped.
   */
  static async open(sources: readonly AllowSource[], on: AllowListEvents = {}): Promise<AllowList> {
    const list = new AllowList(sources, on)
    await list.#read(true)
    return list
  }

  private constructor(sources: readonly AllowSource[], on: AllowListEvents) {
    this.#sources = sources
    this.#on = on
  }

  /** Follows changes until the signal aborts. */
  async watch(signal: AbortSignal): Promise<void> {
    const directories = new Set(
      this.#sources.map(({ kind, path }) => (kind === 'file' ? dirname(path) : path)),
    )
    const watches = [...directories].map((directory) => new DirectoryWatch(directory, signal))
    try {
      let changes = watches.map((watch) => watch.next())
      while (!signal.aborted) {
        await Promise.race(changes)
        changes = watches.map((watch) => watch.next())
        if ((await this.#currentStamp()) === this.#stamp) continue
        await delay(SETTLE_MS)
        await this.#read(false)
      }
    } finally {
      for (const watch of watches) watch.close()
    }
  }

  async #read(strict: boolean): Promise<void> {
    // Read before the files: a change in between causes another read.
    this.#stamp = await this.#currentStamp()
    const names = new Map<string, string>()
    const problems: string[] = []
    for (const { kind, path } of this.#sources) {
      try {
        if (kind === 'file') names.set(await readPublicKey(path), basename(path, '.key'))
        else {
          const listed = await listKeys(path)
          for (const { publicKey, name } of listed.keys) names.set(publicKey, name)
          problems.push(...listed.problems)
        }
      } catch (error) {
        if (strict) throw error
        // Removing a key's own file is the normal way to revoke it: the change is reported anyway.
        const isTakenAway = kind === 'file' && findSystemCode(error) === 'ENOENT'
        if (!isTakenAway) problems.push(errorMessage(error))
      }
    }
    for (const problem of problems) if (!this.#problems.has(problem)) this.#on.onProblem?.(problem)
    this.#problems = new Set(problems)
    const changes = describeChanges(this.#names, names)
    this.#names = names
    this.keys.replace(names.keys())
    if (!strict && changes !== '') this.#on.onChange?.(changes)
  }

  /** A stamp that differs between two states of the files, made without reading them. */
  async #currentStamp(): Promise<string> {
    const paths: string[] = []
    for (const { kind, path } of this.#sources) {
      if (kind === 'file') paths.push(path)
      else {
        const names = await listKeyNames(path).catch(() => [])
        paths.push(path, ...names.map((name) => publicKeyPath(path, name)))
      }
    }
    const stamps = await Promise.all(paths.map(stampOf))
    return stamps.join('\n')
  }
}

/** Returns an empty text when nothing has changed. */
function describeChanges(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string {
  const came = [...now].filter(([key]) => !before.has(key)).map(([, name]) => name)
  const went = [...before].filter(([key]) => !now.has(key)).map(([, name]) => name)
  const clauses = [
    ...(came.length > 0 ? [`keys allowed from now on: ${came.join(', ')}`] : []),
    ...(went.length > 0 ? [`keys no longer allowed, their clients cut off: ${went.join(', ')}`] : []),
  ]
  return clauses.join('; ')
}

async function stampOf(path: string): Promise<string> {
  try {
    const { ino, mtimeMs, ctimeMs, size } = await stat(path)
    return `${path} ${ino} ${mtimeMs} ${ctimeMs} ${size}`
  } catch {
    return `${path} -`
  }
}
