import { closeSync, fstatSync, linkSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import { systemErrorCode } from '../errors.ts'
import { judgeHolder, newLockHolder, parseLockHolder } from './lock-holder.ts'
import { isMissing } from './log-files.ts'
import { sleepSync } from './sleep-sync.ts'

const SLEEP_MS = 2

/** How patient a {@link RotationLock} is. */
export interface RotationLockOptions {
  /** How long to wait for the lock, in milliseconds. Default 1000. */
  readonly waitMs?: number
  /** How long a lock whose holder cannot be judged is respected, in milliseconds. Default 10000. */
  readonly abandonedMs?: number
}

interface SeenLock {
  /** Tells this lock from every earlier and later one. */
  readonly token: string
  readonly content: string
}

/**
 * The lock under which the log is rotated: a file that is created exclusively and removed afterwards.
 *
 * A lock whose holder died on this machine is broken at once. One whose holder cannot be judged (another machine,
 * another container, killed before it wrote its name) is broken when this process has seen the very same lock for
 * 10 s: rotating takes a millisecond, and no two clocks are compared.
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
   * Runs `action` under the lock, waiting for it.
   *
   * @param isNeeded - Asked before and again under the lock: another process may have done the work meanwhile.
   * @returns `false` when the lock could not be had; `true` when the work is done, by whomever.
   */
  run(action: () => void, isNeeded: () => boolean): boolean {
    const deadline = performance.now() + this.#waitMs
    while (isNeeded()) {
      const content = this.#tryAcquire()
      if (content !== undefined) {
        try {
          if (isNeeded()) action()
        } finally {
          this.#release(content)
        }
        return true
      }
      if (this.#tryBreak()) continue
      if (performance.now() >= deadline) return false
      sleepSync(SLEEP_MS)
    }
    return true
  }

  #tryAcquire(): string | undefined {
    const content = JSON.stringify(newLockHolder())
    let fd: number
    try {
      fd = openSync(this.#path, 'wx')
    } catch (error) {
      if (systemErrorCode(error) === 'EEXIST') return undefined
      throw error
    }
    try {
      writeSync(fd, content)
    } catch (error) {
      unlinkSync(this.#path)
      throw error
    } finally {
      closeSync(fd)
    }
    // Stopped for long between creating and writing, this process may have been taken for dead.
    return readLock(this.#path)?.content === content ? content : undefined
  }

  #release(content: string): void {
    if (readLock(this.#path)?.content === content) removeIfThere(this.#path)
  }

  /** @returns Whether the lock is gone, so that it is worth trying at once. */
  #tryBreak(): boolean {
    const lock = readLock(this.#path)
    if (!lock) return true
    const holder = parseLockHolder(lock.content)
    const state = holder ? judgeHolder(holder) : 'unknown'
    if (state === 'alive') return false
    if (state === 'unknown' && !this.#isAbandoned(this.#lockSeen, lock.token)) return false
    const claim = `${this.#path}.stale.${lock.token}`
    try {
      // Of all processes that find the lock dead, one creates this name, and only that one may remove the lock.
      linkSync(this.#path, claim)
    } catch (error) {
      if (isMissing(error)) return true
      if (systemErrorCode(error) !== 'EEXIST') throw error
      // Whoever made the claim may have been killed before it removed the lock.
      if (this.#isAbandoned(this.#claimSeen, claim)) removeIfThere(claim)
      return false
    }
    // Between reading and claiming, another process may have broken the lock and a third one taken it.
    const isSame = readLock(claim)?.token === lock.token
    if (isSame) removeIfThere(this.#path)
    removeIfThere(claim)
    return isSame
  }

  #isAbandoned(seen: { name: string; time: number }, name: string): boolean {
    if (seen.name !== name) {
      seen.name = name
      seen.time = performance.now()
    }
    return performance.now() - seen.time >= this.#abandonedMs
  }
}

function readLock(path: string): SeenLock | undefined {
  let fd: number | undefined
  try {
    fd = openSync(path, 'r')
    const { ino, mtimeNs } = fstatSync(fd, { bigint: true })
    const content = readFileSync(fd, 'utf8')
    return { token: parseLockHolder(content)?.nonce ?? `${ino}-${mtimeNs}`, content }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}
