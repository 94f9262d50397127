import { alphaDecoder, colourCorrections, type ColourAbilities } from './colour-corrections.ts'
import type { VideoColours } from './parse-colours.ts'

/** How the pictures of a stream come out. */
export interface RawConversionOptions {
  /** Pixels; the height follows. Default: its own, with square pixels. */
  readonly width?: number | undefined
  /** Pictures a second to convert to. Default: as they come. */
  readonly framesPerSecond?: number | undefined
}

/** What ffmpeg is told so that a stream comes out as RGB. */
export interface RawConversion {
  /** Whether it was chosen for this stream, rather than what nearly all need. */
  readonly isChosen: boolean
  /** What stands before `-i`. */
  readonly decoder: readonly string[]
  /** Filters for `-vf`, to be joined by commas. */
  readonly filters: readonly string[]
}

// Written out for each picture, as a stream may change. What cannot be true is taken for square.
const ASPECT = 'if(between(sar,0.1,10),sar,1)'

/** @param video - What the stream is, once that is known. */
export function rawConversion(
  { width, framesPerSecond }: RawConversionOptions,
  ffmpeg: ColourAbilities,
  video?: VideoColours,
): RawConversion {
  const size =
    width === undefined
      ? ([`'max(1,round(iw*${ASPECT}))'`, 'ih'] as const)
      : ([String(width), `'max(1,round(ih*${width}/(iw*${ASPECT})))'`] as const)
  const decoder = video ? alphaDecoder(video, ffmpeg) : []
  const corrections = video ? colourCorrections(video, ffmpeg, width === undefined ? undefined : size) : []
  const pace = framesPerSecond === undefined ? [] : [`fps=${framesPerSecond}`]
  return {
    isChosen: corrections.length > 0,
    decoder,
    filters: [...pace, ...corrections, `scale=w=${size[0]}:h=${size[1]}`, 'format=rgb24'],
  }
}
