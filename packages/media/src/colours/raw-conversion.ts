import { alphaDecoder, colourCorrections, type ColourAbilities } from './colour-corrections.ts'
import type { VideoColours } from './parse-colours.ts'

/** The size and rate of the output pictures. */
export interface RawConversionOptions {
  /** Pixels; the height follows. Default: its own, with square pixels. */
  readonly width?: number | undefined
  /** Pictures per second to convert to. Default: as they come. */
  readonly framesPerSecond?: number | undefined
}

/** ffmpeg's arguments for converting a stream to RGB. */
export interface RawConversion {
  /** True when it was chosen for this stream; false when it is the one that nearly all streams need. */
  readonly isChosen: boolean
  /** Options before `-i`. */
  readonly decoder: readonly string[]
  /** Filters for `-vf`, to be joined by commas. */
  readonly filters: readonly string[]
}

// Evaluated for each picture, as a stream may change. An impossible aspect ratio is treated as square.
const ASPECT = 'if(between(sar,0.1,10),sar,1)'

/** @param video - The stream's description, once it is known. */
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
