import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename } from 'node:path'

/** A process of this machine. */
export interface ProcessInfo {
  readonly pid: number
  /** For sentences: `nginx`, `zcast publish`, `python3 camera.py`. */
  readonly name: string
}

/** The most processes that are looked at. */
const MAX_PROCESSES = 10_000

/** Words of a command line that are shown; more of it may hold secrets. */
const SHOWN_WORDS = 2

/**
 * Finds the processes that hold sockets, by the sockets' inodes. On Linux only, and only those that this user may look at.
 */
export async function findSocketOwners(inodes: ReadonlySet<string>): Promise<Map<string, ProcessInfo>> {
  const owners = new Map<string, ProcessInfo>()
  if (process.platform !== 'linux' || inodes.size === 0) return owners
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  for (const pid of pids.slice(0, MAX_PROCESSES)) {
    const held = (await socketsOf(pid)).filter((inode) => inodes.has(inode))
    if (held.length === 0) continue
    const name = await nameOf(pid)
    for (const inode of held) owners.set(inode, { pid: Number(pid), name })
  }
  return owners
}

async function socketsOf(pid: string): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`
  const entries = await readdir(folder).catch(() => [])
  const links = await Promise.all(entries.map((entry) => readlink(`${folder}/${entry}`).catch(() => '')))
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [])
}

async function nameOf(pid: string): Promise<string> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return nameProcess(text.split('\0').filter(Boolean))
}

/** A short name of a command line. @param words - The program and its arguments. */
export function nameProcess(words: readonly string[]): string {
  const [program = 'a program', ...args] = words
  const zcastAt = args.findIndex((word) => /(^|\/)zcast(\.js)?$/.test(word))
  if (/(^|\/)zcast$/.test(program) || zcastAt >= 0) {
    const options = args.slice(zcastAt + 1)
    const end = options.findIndex((word) => word.startsWith('-'))
    return ['zcast', ...options.slice(0, Math.min(end < 0 ? SHOWN_WORDS : end, SHOWN_WORDS))].join(' ')
  }
  // Some programs write one text over their command line: "nginx: master process ...".
  const name = basename(program.split(' ')[0] as string).replace(/:$/, '')
  const script = /^(python|node|ruby|perl|java)/.test(name)
    ? args.find((word) => !word.startsWith('-'))
    : undefined
  return script === undefined ? name : `${name} ${basename(script)}`
}

/** A process in a sentence. */
export function formatProcess(owner: ProcessInfo | undefined): string {
  return owner ? `${owner.name} (process ${owner.pid})` : 'a program of another user'
}
