/**
 * The size that a JPEG's frame header states, where its marker segments are whole and end with FF D9; a judge of what
 * zcast's own reader does, so it shares nothing with it.
 */
export function readSize(bytes: Buffer): { width: number; height: number } | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8 || bytes.readUInt16BE(bytes.length - 2) !== 0xffd9)
    return undefined
  const body = bytes.subarray(0, -2)
  const sizes: { width: number; height: number }[] = []
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
    if (marker === 0xda) return sizes.length === 1 ? sizes[0] : undefined
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
