import { parseColours, type VideoColours } from '../colours/parse-colours.ts'
import { parseFrameRate, reduce, toNumber, type Rational } from './rational.ts'
import { readShowinfo } from './read-showinfo.ts'

/** ffmpeg's description of the video in a file. */
export interface VideoDescription extends VideoColours {
  /** The number of the stream in the file. */
  readonly stream: number
  /** The time of the first picture: seconds from the start of the file, which may be that of its sound. */
  readonly firstTime: number
  /** Clockwise rotation to apply when showing it: 0, 90, 180 or 270 degrees. */
  readonly rotation: number
  /** Seconds; `undefined` when unknown. */
  readonly duration: number | undefined
  /** Pixels, after rotation and with square pixels. */
  readonly width: number
  /** Pixels, after rotation. */
  readonly height: number
  /** Pixels as they leave the decoder, after rotation: the input of a filter. */
  readonly decodedWidth: number
  /** Pictures per second: the nominal rate, or the average when the rate varies. */
  readonly framesPerSecond: Rational
  /** True when all pictures have the same duration. */
  readonly constantRate: boolean
}

const HIGHEST_LIKELY_RATE = 60
/** Formats whose pictures have no fields, and a delay each. */
const ANIMATION = /: Video: (?:gif|apng|webp)\b/
const DEFAULT_RATE: Rational = { numerator: 25, denominator: 1 }

/**
 * Parses the output of `ffmpeg -i FILE -map 0:V:0 -vf showinfo -frames:v 1 -f framecrc -` (4.1 to 8): the description
 * of the input on stderr, and the exact size and rate of the one decoded picture on stdout.
 *
 * @returns `undefined` when no picture was decoded.
 */
export function parseProbe(stdout: string, stderr: string): VideoDescription | undefined {
  const size = /^#dimensions 0: (\d+)x(\d+)$/m.exec(stdout)
  const decoded = /^0,.*,\s*[1-9]\d*,\s*0x[0-9a-f]+/m.test(stdout)
  const stream = inputStream(stderr)
  if (!size || !decoded || !stream) return undefined

  const duration = parseDurationOf(stderr)
  const shown = readShowinfo(stderr)[0]
  const decodedWidth = Number(size[1])
  const height = Number(size[2])
  return {
    ...parseColours(stderr, stream.line, stream.details),
    // The stream's own format may be that of a later picture.
    ...(shown && { pixelFormat: shown.pixelFormat }),
    stream: stream.index,
    firstTime: shown?.time ?? 0,
    rotation: parseRotation(stream.details),
    duration,
    width: Math.max(1, Math.round(decodedWidth * parseAspect(stdout))),
    height,
    decodedWidth,
    ...parseRate(stream.line, stdout, duration),
    // A plain sequence of pictures has no times: the rate is ffmpeg's assumption, and applies to all of them.
    ...(/^Input #0, mjpeg,/m.test(stderr) ? { constantRate: true } : {}),
  }
}

/**
 * Finds the stream that ffmpeg decodes.
 *
 * @returns Its number, its line, and the indented lines after it.
 */
export function inputStream(stderr: string): { index: number; line: string; details: string } | undefined {
  const index = /^Stream mapping:\r?\n\s+Stream #0:(\d+) -> #0:0/m.exec(stderr)?.[1]
  if (index === undefined) return undefined
  const input = stderr.slice(0, stderr.indexOf('Stream mapping:'))
  const match = new RegExp(String.raw`^ +Stream #0:${index}(?!\d)[^\n]*: Video: [^\n]*`, 'm').exec(input)
  if (!match) return undefined
  const rest = input.slice(match.index + match[0].length)
  return { index: Number(index), line: match[0], details: rest.split(/^ +Stream #/m, 1)[0] ?? '' }
}

/** `rotate : 90` up to 4.x is clockwise; `displaymatrix: rotation of -90.00 degrees` counts in the other direction. */
function parseRotation(details: string): number {
  const matrix = /displaymatrix: rotation of (-?\d+(?:\.\d+)?) degrees/.exec(details)?.[1]
  const tag = /^\s+rotate\s+: (-?\d+)/m.exec(details)?.[1]
  const clockwise = matrix === undefined ? Number(tag ?? 0) : -Number(matrix)
  return (((Math.round(clockwise / 90) * 90) % 360) + 360) % 360
}

function parseDurationOf(stderr: string): number | undefined {
  const match = /^ +Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/m.exec(stderr)
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : undefined
}

/** The width of a pixel divided by its height. 0:1 means unknown, and is treated as square. */
function parseAspect(stdout: string): number {
  const match = /^#sar 0: (\d+)\/(\d+)$/m.exec(stdout)
  const aspect = Number(match?.[1] ?? 0) / Number(match?.[2] ?? 1)
  return aspect > 0.1 && aspect < 10 ? aspect : 1
}

/**
 * `fps` is the average, and `tbr` the finest step seen: they are equal in a clip of constant rate, apart from a
 * difference of one or two pictures at the ends of a short clip. Interlaced clips show a `tbr` twice as high, because
 * it counts fields. The time base of the decoded picture is `tbr` without rounding.
 */
function parseRate(
  line: string,
  stdout: string,
  duration: number | undefined,
): Pick<VideoDescription, 'framesPerSecond' | 'constantRate'> {
  const average = parseFrameRate(/ (\d+(?:\.\d+)?k?) fps\b/.exec(line)?.[1] ?? '')
  const base = parseFrameRate(/ (\d+(?:\.\d+)?k?) tbr\b/.exec(line)?.[1] ?? '')
  const exact = parseTimeBase(stdout)
  // The printed rates are rounded to two decimals.
  const precise = (rate: Rational): Rational =>
    exact && Math.abs(toNumber(exact) - toNumber(rate)) < 0.0051 ? exact : rate

  if (!base) return { framesPerSecond: average ?? DEFAULT_RATE, constantRate: average !== undefined }
  if (average) {
    const missing = Math.abs(toNumber(base) - toNumber(average)) * (duration ?? 0)
    if (isNear(base, toNumber(average), 0.01) || (duration !== undefined && missing <= 2)) {
      return { framesPerSecond: precise(base), constantRate: true }
    }
    if (isNear(base, 2 * toNumber(average), 0.005) && !ANIMATION.test(line)) {
      return { framesPerSecond: precise(average), constantRate: true }
    }
  }
  if (average) return { framesPerSecond: average, constantRate: false }
  const likely = toNumber(base) <= HIGHEST_LIKELY_RATE
  const framesPerSecond = likely ? precise(base) : { numerator: HIGHEST_LIKELY_RATE, denominator: 1 }
  return { framesPerSecond, constantRate: false }
}

function parseTimeBase(stdout: string): Rational | undefined {
  const match = /^#tb 0: (\d+)\/(\d+)$/m.exec(stdout)
  if (!match || Number(match[1]) === 0 || Number(match[2]) === 0) return undefined
  return reduce({ numerator: Number(match[2]), denominator: Number(match[1]) })
}

function isNear(rate: Rational, value: number, tolerance: number): boolean {
  return Math.abs(toNumber(rate) - value) <= value * tolerance
}
