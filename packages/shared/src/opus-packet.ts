/** Samples at 48,000 a second of one frame, by the configuration that a packet begins with. */
const FRAME_SAMPLES = {
  silk: [480, 960, 1920, 2880],
  hybrid: [480, 960],
  celt: [120, 240, 480, 960],
} as const

const MAX_FRAME_BYTES = 1275
/** 120 ms. */
const MAX_SAMPLES = 5760

/**
 * Checks the structure of an Opus packet by RFC 6716, section 3.4, so that no decoder sees another.
 *
 * @returns How many samples it has at 48,000 a second; `undefined` when it is none.
 */
export function opusSamples(packet: Uint8Array): number | undefined {
  const first = packet[0]
  if (first === undefined) return undefined
  const frame = frameSamples(first >> 3)
  const body = packet.subarray(1)
  const frames = [oneFrame, twoEqualFrames, twoFrames, manyFrames][first & 3]?.(body)
  if (frames === undefined || frames * frame > MAX_SAMPLES) return undefined
  return frames * frame
}

function frameSamples(configuration: number): number {
  if (configuration < 12) return FRAME_SAMPLES.silk[configuration & 3] as number
  if (configuration < 16) return FRAME_SAMPLES.hybrid[configuration & 1] as number
  return FRAME_SAMPLES.celt[configuration & 3] as number
}

function oneFrame(body: Uint8Array): number | undefined {
  return body.length <= MAX_FRAME_BYTES ? 1 : undefined
}

function twoEqualFrames(body: Uint8Array): number | undefined {
  return body.length % 2 === 0 && body.length / 2 <= MAX_FRAME_BYTES ? 2 : undefined
}

function twoFrames(body: Uint8Array): number | undefined {
  const length = readLength(body, 0)
  if (!length) return undefined
  const second = body.length - length.next - length.bytes
  return second >= 0 && second <= MAX_FRAME_BYTES ? 2 : undefined
}

function manyFrames(body: Uint8Array): number | undefined {
  const head = body[0]
  if (head === undefined || (head & 0x3f) === 0) return undefined
  const frames = head & 0x3f
  let at = 1
  let padding = 0
  if (head & 0x40) {
    for (let byte = 255; byte === 255; at++) {
      const next = body[at]
      if (next === undefined) return undefined
      byte = next
      padding += byte === 255 ? 254 : byte
    }
  }
  let left = body.length - padding
  if ((head & 0x80) === 0) {
    left -= at
    return left >= 0 && left % frames === 0 && left / frames <= MAX_FRAME_BYTES ? frames : undefined
  }
  let listed = 0
  for (let frame = 0; frame < frames - 1; frame++) {
    const length = readLength(body, at)
    if (!length) return undefined
    at = length.next
    listed += length.bytes
  }
  const last = left - at - listed
  return last >= 0 && last <= MAX_FRAME_BYTES ? frames : undefined
}

/** A length in one byte or two. */
function readLength(body: Uint8Array, at: number): { bytes: number; next: number } | undefined {
  const [first, second] = [body[at], body[at + 1]]
  if (first === undefined) return undefined
  if (first < 252) return { bytes: first, next: at + 1 }
  return second === undefined ? undefined : { bytes: first + second * 4, next: at + 2 }
}
