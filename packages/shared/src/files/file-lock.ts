import { utimesSync } from 'node:fs'
import {
  claimPath,
  createExclusively,
  createLock,
  readLock,
  removeIfThere,
  sweepLeftovers,
} from './lock-file.ts'
import { judgeHolder, type LockHolder, newLockHolder } from './lock-holder.ts'

/** The time for which a lock is respected when its holder cannot be checked, in milliseconds. */
export const ABANDONED_MS = 10_000

/**
 * A lock between processes: a file that is created exclusively and removed afterwards.
 *
 * A lock whose holder died on this machine is broken at once. A lock whose holder cannot be checked (another machine,
 * another container, no name in it) is broken when this process has seen the same lock untouched for 10 s: no two
 * clocks are compared.
 */
export class FileLock {
  readonly #path: string
  readonly #abandonedMs: number
  readonly #lockSeen = { name: '', time: 0 }
  readonly #claimSeen = { name: '', time: 0 }
  #nonce: string | undefined

  /** @param abandonedMs - See {@link ABANDONED_MS}. */
  constructor(path: string, abandonedMs = ABANDONED_MS) {
    this.#path = path
    this.#abandonedMs = abandonedMs
  }

  /** Takes the lock. @returns False when another process has it. */
  take(): boolean {
    const holder = newLockHolder()
    if (!createLock(this.#path, holder)) return false
    this.#nonce = holder.nonce
    return true
  }

  /** True while the file is the one that {@link take} made. */
  get isHeld(): boolean {
    return this.#nonce !== undefined && readLock(this.#path)?.token === this.#nonce
  }

  /** Who holds it; `undefined` when nobody does, or they cannot be told. */
  get holder(): LockHolder | undefined {
    return readLock(this.#path)?.holder
  }

  /** Says that the holder is still there, to those who cannot check. */
  touch(): void {
    const now = new Date()
    utimesSync(this.#path, now, now)
  }

  /** Removes what killed processes left beside it. Call it only while holding it. */
  sweep(): void {
    sweepLeftovers(this.#path)
  }

  /** Gives the lock back. */
  release(): void {
    if (this.isHeld) removeIfThere(this.#path)
    this.#nonce = undefined
  }

  /**
   * Removes the lock of a holder that is no more.
   *
   * @returns `gone` when it can be taken at once; `unknown` while it cannot be told whether the holder is alive.
   */
  tryBreak(): 'gone' | 'alive' | 'unknown' {
    const lock = readLock(this.#path)
    if (!lock) return 'gone'
    const state = lock.holder ? judgeHolder(lock.holder) : 'unknown'
    if (state === 'alive') return state
    if (state === 'unknown' && !this.#isAbandoned(this.#lockSeen, `${lock.token} ${lock.touched}`))
      return state
    const claim = claimPath(this.#path, lock.token)
    // Of all the processes that find the lock dead, one creates this name, and only that one may remove the lock.
    if (!createExclusively(claim, '')) {
      // The process that made the claim may have been killed before it removed the lock.
      if (this.#isAbandoned(this.#claimSeen, claim)) removeIfThere(claim)
      return 'unknown'
    }
    try {
      // Between the read and the claim, another process may have broken the lock and a third one taken it.
      if (readLock(this.#path)?.token === lock.token) removeIfThere(this.#path)
    } finally {
      removeIfThere(claim)
    }
    return 'gone'
  }

  #isAbandoned(seen: { name: string; time: number }, name: string): boolean {
    if (seen.name !== name) {
      seen.name = name
      seen.time = performance.now()
    }
    return performance.now() - seen.time >= this.#abandonedMs
  }
}
