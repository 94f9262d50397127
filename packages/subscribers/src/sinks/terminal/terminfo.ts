import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

// The format is that of term(5): a header of six 16-bit numbers, the names, the switches, the numbers.
const HEAD_BYTES = 12
const MAGIC_16_BIT = 0x011a
const MAGIC_32_BIT = 0x021e
const MAX_COLORS = 13
/** The largest entry that ncurses reads. */
const MAX_ENTRY_BYTES = 32_768

/**
 * The number of colours that the system's terminal database gives for a terminal; `undefined` when it has no entry for
 * it, and 0 for one without colours.
 */
export function terminfoColours(term: string, environment: Environment): number | undefined {
  // The name becomes part of a path.
  if (!/^[\w.+-]+$/.test(term) || term.startsWith('.')) return undefined
  for (const folder of folders(environment)) {
    for (const part of [term.charAt(0), term.charCodeAt(0).toString(16)]) {
      const entry = readEntry(join(folder, part, term))
      if (entry) return readColours(entry)
    }
  }
  return undefined
}

function folders(environment: Environment): string[] {
  const named = [environment['TERMINFO'], ...(environment['TERMINFO_DIRS'] ?? '').split(':')]
  const usual = ['/etc/terminfo', '/lib/terminfo', '/usr/share/terminfo', '/usr/share/lib/terminfo']
  return [...named, join(homedir(), '.terminfo'), ...usual].filter(
    (folder) => folder !== undefined && folder !== '',
  ) as string[]
}

function readEntry(path: string): Buffer | undefined {
  try {
    const entry = readFileSync(path)
    return entry.length <= MAX_ENTRY_BYTES ? entry : undefined
  } catch {
    // Most of the folders do not exist.
    return undefined
  }
}

function readColours(entry: Buffer): number | undefined {
  if (entry.length < HEAD_BYTES) return undefined
  const magic = entry.readUInt16LE(0)
  if (magic !== MAGIC_16_BIT && magic !== MAGIC_32_BIT) return undefined
  const [nameBytes, switches, numbers] = [entry.readUInt16LE(2), entry.readUInt16LE(4), entry.readUInt16LE(6)]
  if (numbers <= MAX_COLORS) return 0
  const start = HEAD_BYTES + nameBytes + switches
  const width = magic === MAGIC_16_BIT ? 2 : 4
  // Numbers begin at an even offset.
  const place = start + (start % 2) + MAX_COLORS * width
  if (place + width > entry.length) return undefined
  return Math.max(0, width === 2 ? entry.readInt16LE(place) : entry.readInt32LE(place))
}
