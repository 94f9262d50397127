import { type FSWatcher, watch } from 'node:fs'

const POLL_MS = 500

/**
 * Reports when something in a directory may have changed: when the system says so, and in any case every half second,
 * because the system does not always report changes (network drives, a directory that does not exist yet, no watches
 * left).
 */
export class DirectoryWatch {
  readonly #directory: string
  readonly #signal: AbortSignal | undefined
  #watcher: FSWatcher | undefined
  #wake: () => void = () => undefined

  constructor(directory: string, signal: AbortSignal | undefined) {
    this.#directory = directory
    this.#signal = signal
    signal?.addEventListener('abort', this.#onChange)
  }

  /**
   * Resolves at the next change, after half a second, or when the signal aborts. Call it before looking at the
   * directory and await it afterwards, so that a change in between is not missed.
   */
  next(): Promise<void> {
    this.#watcher ??= this.#tryWatch()
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake(), POLL_MS)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
      if (this.#signal?.aborted) this.#wake()
    })
  }

  close(): void {
    this.#signal?.removeEventListener('abort', this.#onChange)
    this.#stopWatching()
    this.#wake()
  }

  readonly #onChange = (): void => this.#wake()

  readonly #stopWatching = (): void => {
    this.#watcher?.close()
    this.#watcher = undefined
  }

  #tryWatch(): FSWatcher | undefined {
    try {
      return watch(this.#directory).on('change', this.#onChange).on('error', this.#stopWatching)
    } catch {
      return undefined
    }
  }
}
