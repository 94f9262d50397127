const EOI = 0xd9
const SOS = 0xda
// A progressive picture has some twenty: a scan and a table, ten times.
const MAX_SEGMENTS = 1024

/**
 * Follows a JPEG from its first scan to its end, through all of its data; some 25 us for 100 kB.
 *
 * @param bytes - The whole picture, whose segments before the scan were checked. Every byte may be hostile.
 * @param scanAt - Where the marker of the first scan is.
 * @returns How many scans it has; `undefined` when anything but scans and their tables comes before the EOI that ends the
 *   bytes, such as a second picture, or a second frame header, which some decoders obey.
 */
export function countScans(bytes: Uint8Array, scanAt: number): number | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let scans = 0
  let at = scanAt
  for (let segments = 0; segments < MAX_SEGMENTS; segments++) {
    while (data[at] === 0xff && data[at + 1] === 0xff) at++
    const marker = data[at + 1]
    if (data[at] !== 0xff || marker === undefined) return undefined
    // No marker at all: damaged data, which decoders pass over.
    if (scans > 0 && marker < 0xc0) {
      at = findScanEnd(data, at + 2)
      continue
    }
    if (marker === EOI) return at + 2 === data.length ? scans : undefined
    if (!belongsToScans(marker) || at + 4 > data.length) return undefined
    at += 2 + data.readUInt16BE(at + 2)
    if (marker !== SOS) continue
    scans++
    at = findScanEnd(data, at)
  }
  return undefined
}

/** Where the data of a scan ends: before the first marker that is no part of it. */
export function findScanEnd(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at !== -1; at = file.indexOf(0xff, at)) {
    const next = file[at + 1]
    if (next === 0 || (next !== undefined && next >= 0xd0 && next <= 0xd7)) at += 2
    else if (next === 0xff) at += 1
    else return at
  }
  return file.length
}

/** DHT, DAC, SOS, DQT, DNL, DRI, APPn and comments. */
function belongsToScans(marker: number): boolean {
  return (
    marker === 0xc4 ||
    marker === 0xcc ||
    (marker >= SOS && marker <= 0xdd) ||
    (marker >= 0xe0 && marker <= 0xef) ||
    marker === 0xfe
  )
}
