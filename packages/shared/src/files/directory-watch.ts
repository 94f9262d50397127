import { type FSWatcher, watch } from 'node:fs'

const POLL_MS = 500

/**
 * Tells when something in a directory may have changed. Where the system does not tell (network drives, a directory
 * that does not exist yet, no watches left), and in any case, every half second.
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
   * Resolves at the next change, the next half second or the signal's abort. Call it before looking at the directory
   * and await it after, so that a change while looking is not missed.
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
