import { StreamError } from '../errors.ts'
import { pause } from '../lifecycle/pause.ts'
import { ABANDONED_MS, FileLock } from './file-lock.ts'
import { isMissing } from './lock-file.ts'

/** A process that is being stopped has its files for so long. */
const ENDING_MS = 2000
const RETRY_MS = 50
const TOUCH_MS = 2000

/** Keeps files for one process, for as long as it uses them. It outlives no process, however that one ends. */
export class ProcessLock {
  readonly #lock: FileLock
  readonly #touching: NodeJS.Timeout
  #isLost = false

  private constructor(lock: FileLock) {
    this.#lock = lock
    this.#touching = setInterval(() => this.#touch(), TOUCH_MS).unref()
  }

  /**
   * Takes a lock, waiting 2 s for a holder that runs. One that cannot be checked (another machine, another container)
   * loses it once it was not touched for 10 s.
   *
   * @param path - The lock's own file, beside what it keeps.
   * @param what - What is kept, for the sentence.
   * @throws {@link StreamError} `ERR_FILE_IN_USE` when another process has it; the system's error when it cannot be made.
   */
  static async take(path: string, what: string, abandonedMs = ABANDONED_MS): Promise<ProcessLock> {
    const lock = new FileLock(path, abandonedMs)
    const started = performance.now()
    for (; !lock.take(); await pause(RETRY_MS)) {
      const state = lock.tryBreak()
      const patience = state === 'alive' ? ENDING_MS : ENDING_MS + abandonedMs
      if (state !== 'gone' && performance.now() - started > patience) throw inUse(what, lock.holder?.pid)
    }
    lock.sweep()
    return new ProcessLock(lock)
  }

  /** False once it was lost: its folder is gone, or another process took it because this one stood still for long. */
  get isHeld(): boolean {
    return !this.#isLost
  }

  /** Gives it back. May be called twice. */
  release(): void {
    clearInterval(this.#touching)
    if (!this.#isLost) this.#lock.release()
    this.#isLost = true
  }

  #touch(): void {
    try {
      if (this.#lock.isHeld) return this.#lock.touch()
      // Somebody removed it.
      if (this.#lock.take()) return
    } catch (error) {
      if (!isMissing(error)) return
      // The folder is gone.
    }
    this.#isLost = true
    clearInterval(this.#touching)
  }
}

function inUse(what: string, pid: number | undefined): StreamError {
  const who = pid === undefined ? 'another process' : `another process (${pid})`
  return new StreamError(
    'ERR_FILE_IN_USE',
    `${what} is in use by ${who}: end that one, or choose another folder`,
  )
}
