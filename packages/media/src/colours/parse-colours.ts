/** ffmpeg's description of the pixels of a video, and so how to interpret them. All names are ffmpeg's own. */
export interface VideoColours {
  /** Names of the container, of which the first is enough: `mov,mp4,m4a,3gp,3g2,mj2`, `avi`. */
  readonly container: string
  /** The codec: `h264`. */
  readonly codec: string
  /** The pixel format: `yuv420p`. */
  readonly pixelFormat: string
  /** `tv`: 16 to 235; `pc`: 0 to 255; `undefined` where the file does not say. */
  readonly range: 'tv' | 'pc' | undefined
  /** The YUV matrix: `bt709`, `smpte170m`; `undefined` where the file does not say. */
  readonly matrix: string | undefined
  /** The primaries: `bt709`, `bt2020`; `undefined` where the file does not say. */
  readonly primaries: string | undefined
  /** The transfer function: `bt709`, `arib-std-b67`; `undefined` where the file does not say. */
  readonly transfer: string | undefined
  /** True when the opacity is in a second layer (WebM), which not every decoder reads. */
  readonly hasAlphaLayer: boolean
}

const MATRICES = new Set(
  'bt709 fcc bt470bg smpte170m smpte240m ycgco bt2020nc bt2020c bt2020ncl bt2020cl gbr ictcp smpte2085'.split(
    ' ',
  ),
)
const UNKNOWN = new Set(['unknown', 'reserved'])

/**
 * Parses the colours of a stream.
 *
 * @param stderr - The whole output of ffmpeg, which names the container.
 * @param line - The stream's line.
 * @param details - The indented lines after it.
 */
export function parseColours(stderr: string, line: string, details: string): VideoColours {
  const format = /: Video: (\w+)(?: \([^,]*\))*, (\w+)(?:\(((?:[^()]|\([^()]*\))*)\))?/.exec(line)
  const tags = (format?.[3] ?? '').split(',').map((tag) => tag.trim())
  // One name stands for all three when they are the same.
  const spaces = tags.map((tag) => tag.split('/')).find(([name = '', second]) => second ?? MATRICES.has(name))
  const [matrix, primaries = matrix, transfer = matrix] = spaces ?? []
  return {
    container: /^Input #0, (\S+), from /m.exec(stderr)?.[1] ?? 'unknown',
    codec: format?.[1] ?? 'unknown',
    pixelFormat: format?.[2] ?? 'unknown',
    range: tags.includes('pc') ? 'pc' : tags.includes('tv') ? 'tv' : undefined,
    matrix: matrix !== undefined && MATRICES.has(matrix) ? matrix : undefined,
    primaries: known(primaries),
    transfer: known(transfer),
    hasAlphaLayer: /^\s+alpha_mode\s*: 1\s*$/im.test(details),
  }
}

function known(name: string | undefined): string | undefined {
  return name === undefined || UNKNOWN.has(name) ? undefined : name
}
