import type { Ffmpeg } from '../ffmpeg/find-ffmpeg.ts'
import type { VideoColours } from './parse-colours.ts'

/** The colour features of an ffmpeg. */
export type ColourAbilities = Pick<Ffmpeg, 'hasZscale' | 'hasTonemap' | 'hasLibvpx'>

const ALPHA_FORMAT = /^(?:yuva|gbrap|ya\d|rgba|bgra|argb|abgr|pal8|ayuv|vuya|uyva)/
const YUV_FORMAT = /^(?:yuv|nv|p0|p2|p4|uyvy|yuyv|yvyu|y2|ayuv|vuy|xv)/
const HDR_TRANSFERS = new Map([
  ['arib-std-b67', 'HLG'],
  ['smpte2084', 'PQ'],
])
const WIDE_PRIMARIES = new Map([
  ['bt2020', 'BT.2020'],
  ['smpte431', 'DCI-P3'],
  ['smpte432', 'Display P3'],
])

// White paper has 203 cd/m2 in HDR (ITU-R BT.2408), and becomes white. Anything up to 0.9 of that is unchanged;
// anything brighter, up to the 1000 cd/m2 of usual masters, is compressed into the rest.
const WHITE = 203
const TONE_MAP = `tonemap=mobius:param=0.9:desat=0:peak=${(1000 / WHITE).toFixed(2)}`

/**
 * The filters that produce opaque, full-range RGB in BT.709 where a plain conversion would be wrong: HDR and wide
 * colours, transparency (which becomes black), grey of limited range.
 *
 * @param size - Width and height to scale to in the same step, where that saves work, as expressions.
 * @returns No filters when a plain conversion is enough, or when this ffmpeg cannot do better.
 */
export function colourCorrections(
  video: VideoColours,
  ffmpeg: ColourAbilities,
  size?: readonly [width: string, height: string],
): string[] {
  const isTransparent = readsAlpha(video, ffmpeg)
  const converted = wideColours(video) !== undefined && missingFilters(video, ffmpeg).length === 0
  const flat = isTransparent ? flatten(video, converted) : []
  if (converted) return [...flat, ...toBt709(video, isTransparent, size)]
  return isTransparent ? flat : greyOfLimitedRange(video)
}

/** Options before `-i` that make ffmpeg decode the layer with the opacity. */
export function alphaDecoder(video: VideoColours, ffmpeg: Pick<Ffmpeg, 'hasLibvpx'>): string[] {
  if (!hasVpxAlpha(video) || !ffmpeg.hasLibvpx) return []
  return ['-c:v', video.codec === 'vp8' ? 'libvpx' : 'libvpx-vp9']
}

/** One sentence about the colours that this ffmpeg shows wrongly. @param name - As the user wrote it. */
export function colourWarning(
  video: VideoColours,
  ffmpeg: ColourAbilities,
  name: string,
): string | undefined {
  const wide = wideColours(video)
  const missing = missingFilters(video, ffmpeg)
  if (wide !== undefined && missing.length > 0) {
    return `the colours of "${name}" (${wide}) look washed out: this ffmpeg lacks ${missing.join(' and ')}, so install one that has it`
  }
  if (hasVpxAlpha(video) && !ffmpeg.hasLibvpx) {
    return `transparent parts of "${name}" are shown as opaque: this ffmpeg lacks libvpx, so install one that has it`
  }
  return undefined
}

/** The options of the scale filter that say how to read YUV; none for RGB. Untagged video is BT.601, limited range. */
export function scaleInput({ pixelFormat, range, matrix }: VideoColours): string[] {
  if (!YUV_FORMAT.test(pixelFormat)) return []
  const isFull = range === 'pc' || pixelFormat.startsWith('yuvj')
  return [`in_range=${isFull ? 'pc' : 'tv'}`, `in_color_matrix=${scaleMatrix(matrix)}`]
}

function scaleMatrix(matrix: string | undefined): string {
  if (matrix === 'bt709' || matrix === 'smpte240m') return matrix
  return matrix?.startsWith('bt2020') ? 'bt2020' : 'bt601'
}

function readsAlpha(video: VideoColours, ffmpeg: Pick<Ffmpeg, 'hasLibvpx'>): boolean {
  if (hasVpxAlpha(video)) return ffmpeg.hasLibvpx
  // The fourth byte of uncompressed AVI is unused, and usually 0.
  const isUnused = video.codec === 'rawvideo' && video.container === 'avi'
  return ALPHA_FORMAT.test(video.pixelFormat) && !isUnused
}

function hasVpxAlpha({ codec, hasAlphaLayer }: VideoColours): boolean {
  return hasAlphaLayer && (codec === 'vp8' || codec === 'vp9')
}

function wideColours({ transfer = '', primaries = '' }: VideoColours): string | undefined {
  return HDR_TRANSFERS.get(transfer) ?? WIDE_PRIMARIES.get(primaries)
}

function missingFilters({ transfer = '' }: VideoColours, ffmpeg: ColourAbilities): string[] {
  const zscale = ffmpeg.hasZscale ? [] : ['the filter zscale']
  const tonemap = ffmpeg.hasTonemap || !HDR_TRANSFERS.has(transfer) ? [] : ['the filter tonemap']
  return [...zscale, ...tonemap]
}

/** Runs before any scaling, which would mix hidden colours into the edges. */
function flatten(video: VideoColours, deep: boolean): string[] {
  const input = scaleInput(video)
  // ffmpeg 4.1 treats 16 as black unless the range is set.
  const black = ['setparams=range=pc', 'premultiply=inplace=1']
  return [`scale=${input.join(':')}`.replace(/=$/, ''), `format=${deep ? 'gbrap12le' : 'gbrap'}`, ...black]
}

function toBt709(
  video: VideoColours,
  isFlat: boolean,
  size: readonly [string, string] | undefined,
): string[] {
  const { transfer = 'bt709', primaries = 'bt2020', matrix = 'bt2020nc', pixelFormat, range } = video
  const isRgb = isFlat || !YUV_FORMAT.test(pixelFormat)
  const isFull = isRgb || range === 'pc'
  const isHdr = HDR_TRANSFERS.has(transfer)
  const input = [
    `matrixin=${isRgb ? 'gbr' : matrix}`,
    `primariesin=${primaries}`,
    // All other transfers used with these primaries are alike.
    `transferin=${isHdr ? transfer : 'bt709'}`,
    `rangein=${isFull ? 'full' : 'limited'}`,
    ...(size ? [`w=${size[0]}`, `h=${size[1]}`] : []),
  ].join(':')
  // zscale refuses odd sizes of subsampled pictures.
  const format = isRgb ? 'gbrp12le' : 'yuv444p10le'
  const output = isHdr
    ? [
        `zscale=${input}:primaries=bt709:transfer=linear:npl=${WHITE}`,
        'format=gbrpf32le',
        TONE_MAP,
        'zscale=transfer=bt709:range=full',
      ]
    : [`zscale=${input}:primaries=bt709:transfer=bt709:range=full`]
  return [`format=${format}`, ...output, 'format=gbrp']
}

/** swscale treats all grey as full range; its range can be stated once grey is one plane of three. */
function greyOfLimitedRange({ pixelFormat, range }: VideoColours): string[] {
  if (!pixelFormat.startsWith('gray') || range !== 'tv') return []
  return ['scale=out_range=pc', 'format=yuv420p', 'scale=in_range=tv:in_color_matrix=bt601', 'format=gbrp']
}
