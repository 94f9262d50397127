import {
  claimPath,
  createExclusively,
  createLock,
  readLock,
  removeIfThere,
  sweepLeftovers,
} from './lock-file.ts'
import { judgeHolder, newLockHolder } from './lock-holder.ts'
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
 * The lock under which the log is rotated: a file that is created exclusively and removed afterwards.
 *
 * A lock whose holder died on this machine is broken at once. A lock whose holder cannot be checked (another machine,
 * another container, no name in it) is broken when this process has seen the same lock for 10 s: rotating takes a
 * millisecond, and no two clocks are compared.
 */
export class RotationLock {
  readonly #path: string
  readonly #waitMs: number
  readonly #abandonedMs: number
  readonly #lockSeen = { name: '', time: 0 }
  readonly #claimSeen = { name: '', time: 0 }

  constructor(path: string, { waitMs = 1000, abandonedMs = 10_000 }: RotationLockOptions = {}) {
    this.#path = path
    this.#waitMs = waitMs
    this.#abandonedMs = abandonedMs
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
      const holder = newLockHolder()
      if (createLock(this.#path, holder)) {
        try {
          if (isNeeded()) action()
          sweepLeftovers(this.#path)
        } finally {
          this.#release(holder.nonce)
        }
        return true
      }
      if (this.#tryBreak()) continue
      if (performance.now() >= deadline) return false
      sleepSync(SLEEP_MS)
    }
    return true
  }

  #release(nonce: string): void {
    if (readLock(this.#path)?.token === nonce) removeIfThere(this.#path)
  }

  /** @returns True when the lock is gone, so that it is worth trying again at once. */
  #tryBreak(): boolean {
    const lock = readLock(this.#path)
    if (!lock) return true
    const state = lock.holder ? judgeHolder(lock.holder) : 'unknown'
    if (state === 'alive') return false
    if (state === 'unknown' && !this.#isAbandoned(this.#lockSeen, lock.token)) return false
    const claim = claimPath(this.#path, lock.token)
    // Of all the processes that find the lock dead, one creates this name, and only that one may remove the lock.
    if (!createExclusively(claim, '')) {
      // The process that made the claim may have been killed before it removed the lock.
      if (this.#isAbandoned(this.#claimSeen, claim)) removeIfThere(claim)
      return false
    }
    try {
      // Between the read and the claim, another process may have broken the lock and a third one taken it.
      if (readLock(this.#path)?.token === lock.token) removeIfThere(this.#path)
    } finally {
      removeIfThere(claim)
    }
    return true
  }

  #isAbandoned(seen: { name: string; time: number }, name: string): boolean {
    if (seen.name !== name) {
      seen.name = name
      seen.time = performance.now()
    }
    return performance.now() - seen.time >= this.#abandonedMs
  }
}
