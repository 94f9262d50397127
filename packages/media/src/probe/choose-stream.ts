import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts'
import { runFfmpeg } from '../ffmpeg/run-ffmpeg.ts'

/** A video stream as ffmpeg lists it. */
export interface VideoStream {
  /** The stream's number in the file. */
  readonly index: number
  /** Width times height, in pixels; 0 when unknown. */
  readonly area: number
  /** True when the file marks it as the default stream. */
  readonly isDefault: boolean
}

const LINE = /^ +Stream #0:(\d+)(?:\[[^\]\n]*\])?(?:\([^)\n]*\))?: Video: ([^\n]*)$/gm
const NO_VIDEO = /\((?:attached pic|timed thumbnails|still image)\)/
const LOOKED_AT_SECONDS = '10'

/** The video streams that ffmpeg lists on stderr, without those marked as cover pictures or thumbnails. */
export function listVideoStreams(stderr: string): VideoStream[] {
  const input = stderr.split(/^(?:Stream mapping|Output #0)/m, 1)[0] ?? ''
  return [...input.matchAll(LINE)].flatMap(([, index, text = '']) => {
    if (NO_VIDEO.test(text)) return []
    const [, width, height] = /, (\d{1,5})x(\d{1,5})\b/.exec(text) ?? []
    return [
      {
        index: Number(index),
        area: Number(width ?? 0) * Number(height ?? 0),
        isDefault: /\(default\)/.test(text),
      },
    ]
  })
}

/**
 * Chooses the video stream to show: moving pictures before a still one; of those the file's default; of those the
 * largest; of those the first.
 *
 * @param input - The options before `-i`, `-i` itself and its argument.
 * @returns The stream's number.
 * @throws {@link SourceError} `ERR_FFMPEG`; the signal's reason when it aborts.
 */
export async function chooseStream(
  streams: readonly VideoStream[],
  input: readonly string[],
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<number | undefined> {
  if (streams.length < 2) return streams[0]?.index
  const { path } = await findFfmpeg()
  const maps = streams.flatMap(({ index }) => ['-map', `0:${index}`])
  const copy = ['-c', 'copy', '-t', LOOKED_AT_SECONDS, '-f', 'framecrc', 'pipe:1']
  const { stdout } = await runFfmpeg(
    path,
    ['-hide_banner', '-nostdin', '-loglevel', 'error', ...input, ...maps, ...copy],
    options,
  )
  const moves = streams.map((_, number) => [...stdout.matchAll(new RegExp(`^${number},`, 'gm'))].length > 1)
  const rank = (stream: VideoStream): number[] => [
    moves[streams.indexOf(stream)] ? 1 : 0,
    stream.isDefault ? 1 : 0,
    stream.area,
  ]
  return streams.toSorted((a, b) => compare(rank(b), rank(a)))[0]?.index
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [at, value] of a.entries()) if (value !== b[at]) return value - (b[at] ?? 0)
  return 0
}
