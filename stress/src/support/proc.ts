import { readdirSync, readFileSync } from 'node:fs'

/** What a process holds now. */
export interface Holding {
  /** Resident memory in MiB. */
  readonly rssMiB: number
  /** Open file descriptors. */
  readonly descriptors: number
}

/** What a process holds now; `undefined` when it has ended, and where there is no `/proc`. */
export function readHolding(pid: number): Holding | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
    // A zombie has no memory of its own any more.
    if (kib === undefined) return undefined
    return { rssMiB: Number(kib) / 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length }
  } catch {
    return undefined
  }
}

/** Clock ticks of Linux's accounts, a second. */
const TICKS = 100

/** The CPU time that a process has used so far, in seconds; `undefined` as for {@link readHolding}. */
export function readCpuSeconds(pid: number): number | undefined {
  try {
    // The name before may have spaces in it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / TICKS
  } catch {
    return undefined
  }
}
