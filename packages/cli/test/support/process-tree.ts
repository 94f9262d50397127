import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** Whether the system tells of other processes in `/proc` (Linux). */
export const HAS_PROC = process.platform === 'linux'

/** A process as the system shows it. */
export interface ProcessEntry {
  readonly pid: number
  /** The name of its program, such as `node`. */
  readonly name: string
}

/** The processes below one, at any depth; none where the system does not tell. */
export function descendantsOf(pid: number): number[] {
  return treeOf(pid).map((entry) => entry.pid)
}

/** The processes below one, with their names; none where the system does not tell. */
export function treeOf(pid: number): ProcessEntry[] {
  const found: ProcessEntry[] = []
  const pending = [pid]
  for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
    for (const child of childrenOf(parent)) {
      found.push(...readEntry(child))
      pending.push(Number(child))
    }
  }
  return found
}

/** Asks the system for them: to look at all that run takes so long on a busy machine that some are never seen. */
function childrenOf(pid: number): readonly string[] {
  if (!HAS_PROC) return []
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    const lists = threads.map((thread) => readOrNothing(`/proc/${pid}/task/${thread}/children`))
    return lists.join(' ').split(' ').filter(Boolean)
  } catch {
    // It has ended meanwhile.
    return []
  }
}

function readEntry(pid: string): ProcessEntry[] {
  const match = /^\d+ \((.*)\) (\S) /s.exec(readOrNothing(`/proc/${pid}/stat`))
  // A zombie has ended already.
  return match && match[2] !== 'Z' ? [{ pid: Number(pid), name: match[1] as string }] : []
}

/** The command line of a process, its arguments with a NUL between them. */
export function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
}

/** Whether a process handles SIGHUP by now: Node by itself does not, so its program has begun. */
export function catchesHangUp(pid: number): boolean {
  const caught = /^SigCgt:\s+([\da-f]+)$/m.exec(readOrNothing(`/proc/${pid}/status`))?.[1] ?? '0'
  // The lowest bit is signal 1.
  return (BigInt(`0x${caught}`) & 1n) === 1n
}

/** Whether a process has loaded a library with this in its path by now. */
export function hasLoaded(pid: number, library: string): boolean {
  return readOrNothing(`/proc/${pid}/maps`).includes(library)
}

/** Resolves when something holds of a process. Nothing tells that of a stranger, so it is asked for. */
export async function untilSeen(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(1)
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It has not begun yet, or has ended.
    return ''
  }
}

/** Resolves when none of the processes runs any more. Nothing tells that of a stranger, so it is asked for. */
export async function allGone(pids: readonly number[]): Promise<void> {
  for (const pid of pids) while (isAlive(pid)) await delay(20)
}

function isAlive(pid: number): boolean {
  if (HAS_PROC) return readEntry(String(pid)).length > 0
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Ends a process that may have ended already. */
export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has.
  }
}
