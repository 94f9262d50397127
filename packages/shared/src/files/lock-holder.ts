import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { systemErrorCode } from '../errors.ts'

/** The holder of a lock, as written in it. */
export interface LockHolder {
  readonly pid: number
  /** The machine on which the pid means something: the host's name and, on Linux, the pid namespace. */
  readonly host: string
  /**
   * The start time of the process, as the kernel writes it, so that a later process with the same pid is not taken for
   * it.
   */
  readonly started: string | null
  readonly nonce: string
}

// The nonce becomes part of a file name, so nothing else is accepted.
const NONCE = /^[0-9a-f-]{36}$/

let ownHost: string | undefined

/** Describes this process as the holder of one lock. */
export function newLockHolder(): LockHolder {
  return {
    pid: process.pid,
    host: thisHost(),
    started: processStart(process.pid) ?? null,
    nonce: randomUUID(),
  }
}

/** Reads the content of a lock; `undefined` when its holder was killed before it had written it. */
export function parseLockHolder(text: string): LockHolder | undefined {
  try {
    const value = JSON.parse(text) as Partial<LockHolder> | null
    const valid =
      Number.isSafeInteger(value?.pid) &&
      Number(value?.pid) > 0 &&
      typeof value?.host === 'string' &&
      NONCE.test(String(value.nonce))
    return valid ? (value as LockHolder) : undefined
  } catch {
    return undefined
  }
}

/** Returns whether the holder is alive; `'unknown'` when its pid belongs to another machine or container. */
export function judgeHolder(holder: LockHolder): 'alive' | 'dead' | 'unknown' {
  if (holder.host !== thisHost()) return 'unknown'
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    return systemErrorCode(error) === 'ESRCH' ? 'dead' : 'alive'
  }
  const isAnother = typeof holder.started === 'string' && processStart(holder.pid) !== holder.started
  return isAnother ? 'dead' : 'alive'
}

function thisHost(): string {
  ownHost ??= `${hostname()} ${pidNamespace()}`
  return ownHost
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

/** Returns `undefined` for a process that is gone or a zombie, and where there is no /proc. */
function processStart(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The second field is the program's name in parentheses and may hold anything, so fields are counted from its end.
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch {
    return undefined
  }
}
