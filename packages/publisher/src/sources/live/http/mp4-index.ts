import { BOX_HEADER_BYTES, readBoxes, type Mp4Box } from './mp4-boxes.ts'

const BEGINS = new Set(['ftyp', 'mdat', 'wide', 'free', 'skip'])
const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl'])

// What may come before the data and the index; more of it is not waited for.
const MAX_BYTES_BEFORE = 64 * 1024

/**
 * Finds the data of an mp4 file whose index (`moov`) does not come before it, so that it cannot be played from its begin
 * to its end.
 *
 * @param first - The begin of the file.
 * @returns The first box of data; `undefined` when the index is where it should be, or it is no such file; `more` while
 *   too little has come to tell.
 */
export function findDataBeforeIndex(first: Buffer): Mp4Box | 'more' | undefined {
  let last: Mp4Box | undefined
  for (const box of readBoxes(first)) {
    if (box.at === 0 && !BEGINS.has(box.type)) return undefined
    if (box.type === 'moov' || box.type === 'moof') return undefined
    if (box.type === 'mdat') return box
    last = box
  }
  const end = last?.end ?? 0
  return end + BOX_HEADER_BYTES > first.length && end < MAX_BYTES_BEFORE ? 'more' : undefined
}

/**
 * Corrects an index for being moved before the data that it describes.
 *
 * @param index - The whole `moov` box; every byte may be hostile. It is written to.
 * @param from - Where in the file it is put: what lies behind moves by its length.
 * @returns Whether that was possible: positions of 32 bits may not suffice.
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
