import { statSync, watch, type FSWatcher } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { SourceError } from '@zcast/shared'
import { describeSystemError } from '@zcast/shared/internal'
import type { PictureFiles } from './picture-files.ts'

/** A file that is being written is read when nothing has been written to it for this long. */
const SETTLE_MS = 50
/** A file is read after this time even when writing continues. */
const MOST_SETTLE_MS = 1000
const MOST_WAITING = 1000

/** A file that is new or has changed. */
export interface WatchedFile {
  readonly path: string
  /** True when it has not changed since {@link FolderWatch.retry} was asked to come back to it. */
  readonly isRetry: boolean
}

interface Waiting {
  readonly timer: NodeJS.Timeout
  /** The time when it was first reported. */
  readonly since: number
  readonly isRetry: boolean
}

/**
 * Reports files that are added to a folder, or change, in that order. A file that is moved or linked there is reported
 * at once, one that is being written when its writer pauses.
 */
export class FolderWatch {
  readonly #files: PictureFiles
  readonly #onOther: (name: string) => void
  readonly #watcher: FSWatcher
  readonly #inode: number
  readonly #waiting = new Map<string, Waiting>()
  readonly #ready = new Map<string, WatchedFile>()
  #failure: Error | undefined
  #wake = (): void => {}

  /**
   * Starts the watch.
   *
   * @param onOther - Called for each new picture of another format.
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when the folder cannot be watched.
   */
  constructor(files: PictureFiles, onOther: (name: string) => void) {
    const { folder } = files
    this.#files = files
    this.#onOther = onOther
    try {
      this.#inode = statSync(folder).ino
      this.#watcher = watch(folder, (event, name) => this.#onEvent(event, name))
    } catch (error) {
      throw watchFailure(folder, error)
    }
    this.#watcher.on('error', (error) => this.#fail(watchFailure(folder, error)))
  }

  /**
   * The files that have come since the watch began, until `signal` aborts.
   *
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when the folder is gone.
   */
  async *changes(signal: AbortSignal): AsyncGenerator<WatchedFile> {
    const onAbort = (): void => this.#wake()
    signal.addEventListener('abort', onAbort)
    try {
      while (!signal.aborted) {
        const [file] = this.#ready.values()
        if (file) {
          this.#ready.delete(file.path)
          yield file
        } else if (this.#failure) throw this.#failure
        else await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** Ends the watch. */
  close(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer)
    this.#waiting.clear()
    this.#watcher.close()
  }

  /** Comes back to an incomplete file later, unless it changes before. */
  retry(path: string, afterMs: number): void {
    const name = basename(path)
    if (!this.#waiting.has(name)) this.#wait(name, afterMs, true)
  }

  #onEvent(event: string, name: string | null): void {
    const { folder, matches, isOther } = this.#files
    // The system reports the end of the folder itself by its name.
    if (name === null || name === basename(folder)) void this.#checkFolder()
    if (name === null) return
    if (isOther(name)) this.#onOther(name)
    if (matches(name)) this.#wait(name, event === 'rename' ? 0 : SETTLE_MS, false)
  }

  #wait(name: string, delayMs: number, isRetry: boolean): void {
    const now = performance.now()
    const before = this.#waiting.get(name)
    if (!before && this.#waiting.size >= MOST_WAITING) return
    clearTimeout(before?.timer)
    const since = before && !before.isRetry ? before.since : now
    const leftMs = isRetry ? delayMs : Math.min(delayMs, Math.max(0, since + MOST_SETTLE_MS - now))
    const timer = setTimeout(() => {
      this.#waiting.delete(name)
      const path = join(this.#files.folder, name)
      if (this.#ready.size < MOST_WAITING) this.#ready.set(path, { path, isRetry })
      this.#wake()
    }, leftMs)
    this.#waiting.set(name, { timer, since, isRetry })
  }

  async #checkFolder(): Promise<void> {
    const { folder } = this.#files
    try {
      if ((await stat(folder)).ino !== this.#inode) throw new Error('it has been replaced')
    } catch (error) {
      this.#fail(watchFailure(folder, error))
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#wake()
  }
}

function watchFailure(folder: string, error: unknown): SourceError {
  return new SourceError(
    'ERR_SOURCE_FAILED',
    `cannot watch the folder "${folder}": ${describeSystemError(error)}`,
    { cause: error },
  )
}
