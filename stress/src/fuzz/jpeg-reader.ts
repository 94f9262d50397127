interface Size {
  readonly width: number
  readonly height: number
}

/**
 * The size that a JPEG's frame header states, where its marker segments are whole, end with FF D9, and it is
 * within the limits; a judge of what
 * zcast's own reader does, so it shares nothing with it.
 */
export function readSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8 || bytes.readUInt16BE(bytes.length - 2) !== 0xffd9)
    return undefined
  const body = bytes.subarray(0, -2)
  const sizes: Size[] = []
  for (let at = 2, segments = 0; at + 4 <= body.length && segments < 1024; segments++) {
    if (body[at] !== 0xff) return undefined
    let fill = 0
    // Up to eight fill bytes may stand before a marker.
    while (body[at + 1] === 0xff && fill++ < 8) at++
    const marker = body[at + 1] ?? 0
    const isStandalone = marker < 0xc0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd9)
    if (isStandalone || at + 4 > body.length) return undefined
    const length = body.readUInt16BE(at + 2)
    const payload = body.subarray(at + 4, at + 2 + length)
    if (length < 2 || payload.length !== length - 2) return undefined
    if (marker === 0xda) {
      const [size] = sizes
      return size && sizes.length === 1 && isWithinLimits(size, bytes.subarray(at - fill)) ? size : undefined
    }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const components = payload[5] ?? 0
      if (components === 0 || payload.length !== 6 + 3 * components) return undefined
      const [height, width] = [payload.readUInt16BE(1), payload.readUInt16BE(3)]
      if (width === 0 || height === 0) return undefined
      sizes.push({ width, height })
    }
    at += 2 + length
  }
  return undefined
}

/** @param data - From the first scan's marker to the end. */
function isWithinLimits({ width, height }: Size, data: Buffer): boolean {
  const pixels = width * height
  if (pixels > 64 * 1024 * 1024) return false
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8)
  if (pixels > 1024 * 1024 && blocks > data.length * 8) return false
  const scans = countScans(data)
  return scans !== undefined && scans <= 100
}

/** A walk over each byte: `undefined` where anything but scans and tables comes before the end. */
function countScans(data: Buffer): number | undefined {
  let scans = 0
  let segments = 0
  // Behind a table comes no data until the next scan has begun.
  let isInScan = false
  for (let at = 0; at + 1 < data.length;) {
    const marker = data[at + 1] as number
    if (data[at] !== 0xff || marker === 0xff) {
      if (data[at] !== 0xff && !isInScan) return undefined
      at += 1
      continue
    }
    // Data of a scan, restarts in it, and damage.
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd7)) {
      if (!isInScan) return undefined
      at += 2
      continue
    }
    if (marker === 0xd9) return at + 2 === data.length ? scans : undefined
    const isTable =
      [0xc4, 0xcc, 0xdb, 0xdc, 0xdd, 0xfe].includes(marker) || (marker >= 0xe0 && marker <= 0xef)
    if ((marker !== 0xda && !isTable) || at + 4 > data.length || ++segments > 1000) return undefined
    at += 2 + data.readUInt16BE(at + 2)
    isInScan = marker === 0xda
    if (isInScan) scans += 1
  }
  return undefined
}
