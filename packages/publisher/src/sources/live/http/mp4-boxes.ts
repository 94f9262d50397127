/** A box of an mp4 file. */
export interface Mp4Box {
  /** Four characters. */
  readonly type: string
  /** The position of its first byte. */
  readonly at: number
  /** The position of its contents. */
  readonly contentsAt: number
  /** The position after it; `Infinity` for one that continues to the end of the file. */
  readonly end: number
}

/** The largest size of a box's type and size fields, in bytes. */
export const BOX_HEADER_BYTES = 16

/** Reads a box's type and size. @returns `undefined` when they are not available, or invalid. */
export function readBox(bytes: Buffer, at: number): Mp4Box | undefined {
  if (at + 8 > bytes.length) return undefined
  const size = bytes.readUInt32BE(at)
  const type = bytes.toString('latin1', at + 4, at + 8)
  if (!/^[\w ©]{4}$/.test(type)) return undefined
  if (size === 0) return { type, at, contentsAt: at + 8, end: Infinity }
  if (size !== 1) return size < 8 ? undefined : { type, at, contentsAt: at + 8, end: at + size }
  if (at + BOX_HEADER_BYTES > bytes.length) return undefined
  const large = Number(bytes.readBigUInt64BE(at + 8))
  return large < BOX_HEADER_BYTES
    ? undefined
    : { type, at, contentsAt: at + BOX_HEADER_BYTES, end: at + large }
}

/** The consecutive boxes whose headers are available. */
export function* readBoxes(bytes: Buffer, from = 0, to = bytes.length): Generator<Mp4Box> {
  for (let at = from; at < to;) {
    const box = readBox(bytes, at)
    if (!box) return
    yield box
    at = box.end
  }
}
