import { encodeJpeg } from '@zcast/media'
import type { Random } from '../support/random.ts'

/** A picture that its format says is well-formed, whatever a decoder makes of it. */
export interface Picture {
  readonly data: Buffer
  readonly width: number
  readonly height: number
}

/** Pictures that decode. */
export async function makePictures(random: Random): Promise<readonly Picture[]> {
  const sizes = [
    [64, 48],
    [320, 180],
    [641, 361],
  ] as const
  return Promise.all(
    sizes.map(async ([width, height]) => {
      const pixels = random.bytes(width * height * 3)
      return { data: Buffer.from(await encodeJpeg(pixels, width, height)), width, height }
    }),
  )
}

/** Pictures that are well-formed, small on the wire, and cost whoever decodes them much: within the limits, and beyond. */
export async function makeBombs(): Promise<readonly Picture[]> {
  const grey = new Uint8Array(16 * 16 * 3).fill(120)
  const huge = { width: 8000, height: 8000 }
  const small = Buffer.from(await encodeJpeg(grey, 16, 16))
  return [
    { data: Buffer.from(await encodeJpeg(grey, 16, 16, 80, huge)), ...huge },
    resized(small, 65_500, 65_500),
    resized(small, 65_535, 1),
    resized(small, 1, 65_535),
    manyScans(4000, 4000, 60),
    manyScans(4000, 4000, 3000),
  ]
}

/** A picture whose scan is damaged: its structure is whole, so it counts as received. */
export function damageScan({ data, width, height }: Picture, random: Random): Picture {
  const damaged = Buffer.from(data)
  const scan = damaged.lastIndexOf(Buffer.of(0xff, 0xda)) + 14
  for (let left = 1 + random.below(20); left > 0; left--) {
    // No FF, which would begin a marker, and never the two bytes of the end.
    const at = scan + random.below(Math.max(1, damaged.length - scan - 2))
    // Nor after one, which would be a marker then.
    if (at < damaged.length - 2 && damaged[at - 1] !== 0xff) damaged[at] = random.below(255)
  }
  return { data: damaged, width, height }
}

/** The same bytes under a frame header of another size. */
function resized(data: Buffer, width: number, height: number): Picture {
  const changed = Buffer.from(data)
  const frame = changed.indexOf(Buffer.of(0xff, 0xc0))
  changed.writeUInt16BE(height, frame + 5)
  changed.writeUInt16BE(width, frame + 7)
  return { data: changed, width, height }
}

/**
 * A progressive picture of very many scans, each a few bytes that say "nothing changes" for every block: a decoder
 * without a limit walks over the whole picture for each.
 */
function manyScans(width: number, height: number, scans: number): Picture {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8)
  const segment = (marker: number, ...payload: number[]): Buffer =>
    Buffer.from([0xff, marker, (payload.length + 2) >> 8, (payload.length + 2) & 255, ...payload])
  const sizes = [height >> 8, height & 255, width >> 8, width & 255]
  // One code, the bit 0, in each table: DC "no difference", AC "this and 2^14 to 2^15 - 1 further blocks are empty".
  const oneCode = Array.from({ length: 15 }, () => 0)
  const dcTable = segment(0xc4, 0x00, 1, ...oneCode, 0x00)
  const acTable = segment(0xc4, 0x10, 1, ...oneCode, 0xe0)
  const dc = Buffer.alloc(Math.ceil(blocks / 8))
  // The bit 0 and 14 bits of 0: an empty run of 2^14 blocks.
  const runs = Math.ceil(blocks / 2 ** 14)
  const ac = Buffer.alloc(Math.ceil((runs * 15) / 8))
  const scan = Buffer.concat([segment(0xda, 1, 1, 0x00, 1, 63, 0x00), ac])
  return {
    data: Buffer.concat([
      Buffer.of(0xff, 0xd8),
      segment(0xdb, 0, ...Array.from({ length: 64 }, () => 1)),
      segment(0xc2, 8, ...sizes, 1, 1, 0x11, 0),
      dcTable,
      acTable,
      segment(0xda, 1, 1, 0x00, 0, 0, 0x00),
      dc,
      ...Array.from({ length: scans }, () => scan),
      Buffer.of(0xff, 0xd9),
    ]),
    width,
    height,
  }
}
