/** A decoded picture as ffmpeg's filter `showinfo` describes it. */
export interface ShownPicture {
  /** The picture's number since the filters were set up; 0 again when its size or format changed. */
  readonly number: number
  /** Seconds, to 0.1 ms; 0 when it has no time. */
  readonly time: number
  /** The pixel format, by ffmpeg's name. */
  readonly pixelFormat: string
  readonly range: 'tv' | 'pc' | undefined
  /** The YUV matrix, by ffmpeg's name; `undefined` when unknown. */
  readonly matrix: string | undefined
  /** Pixels. */
  readonly width: number
  /** Pixels. */
  readonly height: number
  /** The width of a pixel divided by its height; 1 when unknown. */
  readonly aspect: number
}

const PICTURE =
  /showinfo_\d+ @ [^\]]*\] n: *(\d+) pts: *(-?\d+|NOPTS) .*?\bfmt:(\w+) .*?\bsar:(\d+)\/(\d+) s:(\d+)x(\d+) /
const TIME_BASE = /config in time_base: (\d+)\/(\d+)/
const COLOURS = /color_range:(\w+) color_space:(\w+)/

/** Parses the lines that `showinfo` (4.1 to 8) wrote to stderr among others, in order. */
export function readShowinfo(stderr: string): ShownPicture[] {
  const pictures: ShownPicture[] = []
  let secondsPerTick = 0
  for (const line of stderr.split('\n')) {
    const base = TIME_BASE.exec(line)
    if (base) secondsPerTick = Number(base[1]) / Number(base[2])
    const picture = PICTURE.exec(line)
    if (picture) {
      const [number, ticks, pixelFormat = '', over, under, width, height] = picture.slice(1)
      const seconds = ticks === 'NOPTS' ? 0 : Number(ticks) * secondsPerTick
      const time = Math.round(seconds * 10_000) / 10_000
      const aspect = Number(over) > 0 && Number(under) > 0 ? Number(over) / Number(under) : 1
      const size = { width: Number(width), height: Number(height), aspect }
      pictures.push({
        number: Number(number),
        time,
        pixelFormat,
        range: undefined,
        matrix: undefined,
        ...size,
      })
    }
    const colours = COLOURS.exec(line)
    const last = pictures.at(-1)
    if (colours && last) pictures[pictures.length - 1] = { ...last, ...describeColours(colours) }
  }
  return pictures
}

function describeColours([, range, matrix]: RegExpExecArray): Pick<ShownPicture, 'range' | 'matrix'> {
  return {
    range: range === 'tv' || range === 'pc' ? range : undefined,
    matrix: matrix === 'unknown' ? undefined : matrix,
  }
}
