import { FileLock } from '@zcast/shared/internal'
import { sleepSync } from './sleep-sync.ts'

const SLEEP_MS = 2

/** The waiting times of a {@link RotationLock}. */
export interface RotationLockOptions {
  /** The longest wait for the lock, in milliseconds. Default 1000. */
  readonly waitMs?: number
  /** The time for which a lock is respected when its holder cannot be checked, in milliseconds. Default 10000. */
  readonly abandonedMs?: number
}

/**
 * The lock under which the log is rotated. One whose holder cannot be checked is broken after 10 s: rotating takes a
 * millisecond.
 */
export class RotationLock {
  readonly #lock: FileLock
  readonly #waitMs: number

  constructor(path: string, { waitMs = 1000, abandonedMs }: RotationLockOptions = {}) {
    this.#lock = new FileLock(path, abandonedMs)
    this.#waitMs = waitMs
  }

  /**
   * Runs `action` while holding the lock, waiting for it if necessary.
   *
   * @param isNeeded - Called before and again while holding the lock: another process may have done the work meanwhile.
   * @returns `false` when the lock could not be taken; `true` when the work is done, by this process or another.
   */
  run(action: () => void, isNeeded: () => boolean): boolean {
    const deadline = performance.now() + this.#waitMs
    while (isNeeded()) {
      if (this.#lock.take()) {
        try {
          if (isNeeded()) action()
          this.#lock.sweep()
        } finally {
          this.#lock.release()
        }
        return true
      }
      if (this.#lock.tryBreak() === 'gone') continue
      if (performance.now() >= deadline) return false
      sleepSync(SLEEP_MS)
    }
    return true
  }
}
