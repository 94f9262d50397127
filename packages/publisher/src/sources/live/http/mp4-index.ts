import { readBoxes } from './mp4-boxes.ts'

const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl'])

/**
 * Adjusts an index for being moved before the data that it describes.
 *
 * @param index - The whole `moov` box; every byte may be hostile. It is modified.
 * @param from - The position in the file where it is inserted: everything after it moves by its length.
 * @returns True when that was possible: 32-bit positions may be too small.
 */
export function moveIndex(index: Buffer, from: number): boolean {
  return moveBoxes(index, 0, index.length, from)
}

function moveBoxes(index: Buffer, begin: number, end: number, from: number): boolean {
  for (const { type, contentsAt, end: boxEnd } of readBoxes(index, begin, end)) {
    if (boxEnd > end) return false
    if (CONTAINERS.has(type) && !moveBoxes(index, contentsAt, boxEnd, from)) return false
    const width = type === 'stco' ? 4 : type === 'co64' ? 8 : undefined
    if (width !== undefined && !movePositions(index, contentsAt, boxEnd, width, from)) return false
  }
  return true
}

/** Version and flags (4), count (4), positions. */
function movePositions(index: Buffer, at: number, end: number, width: 4 | 8, from: number): boolean {
  if (at + 8 > end) return false
  const count = index.readUInt32BE(at + 4)
  if (at + 8 + count * width > end) return false
  for (let entry = 0, position = at + 8; entry < count; entry++, position += width) {
    const old = width === 4 ? index.readUInt32BE(position) : Number(index.readBigUInt64BE(position))
    const moved = old >= from ? old + index.length : old
    if (!Number.isSafeInteger(moved) || (width === 4 && moved > 0xffff_ffff)) return false
    if (width === 4) index.writeUInt32BE(moved, position)
    else index.writeBigUInt64BE(BigInt(moved), position)
  }
  return true
}
