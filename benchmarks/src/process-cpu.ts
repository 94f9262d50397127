import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second, whatever its kernel's own tick is (`man 5 proc`, USER_HZ). */
const MS_PER_TICK = 10

interface Stat {
  readonly parent: number
  readonly ticks: number
}

/**
 * CPU time of a process and all it has started, in milliseconds: user and system, those that have ended included.
 * Resolution 10 ms for each process.
 */
export function treeCpuMs(root: number): number {
  const stats = readStats()
  let ticks = 0
  for (const pid of treeOf(root, stats)) ticks += stats.get(pid)?.ticks ?? 0
  return ticks * MS_PER_TICK
}

/** Memory of a process and all it has started, in MiB: the sum of their resident sets. */
export function treeRssMiB(root: number): number {
  let kibibytes = 0
  for (const pid of treeOf(root, readStats())) {
    const status = readQuietly(`/proc/${pid}/status`) ?? ''
    kibibytes += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
  }
  return kibibytes / 1024
}

function readStats(): Map<number, Stat> {
  const stats = new Map<number, Stat>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    const text = Number.isInteger(pid) ? readQuietly(`/proc/${pid}/stat`) : undefined
    if (text === undefined) continue
    // The name, in brackets, may itself hold blanks and brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    stats.set(pid, { parent: Number(fields[1]), ticks })
  }
  return stats
}

function treeOf(root: number, stats: ReadonlyMap<number, Stat>): Set<number> {
  const tree = new Set([root])
  for (let before = 0; before !== tree.size;) {
    before = tree.size
    for (const [pid, { parent }] of stats) if (tree.has(parent)) tree.add(pid)
  }
  return tree
}

/** The text of a file, or nothing where the process has gone meanwhile. */
function readQuietly(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
