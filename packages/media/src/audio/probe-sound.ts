import { resolve } from 'node:path'
import { SourceError } from '@zcast/shared'
import { localInput, LOCAL_SOUND_OPTIONS } from '../ffmpeg/allowed-inputs.ts'
import { failureReason } from '../ffmpeg/failure-reason.ts'
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts'
import { runFfmpeg } from '../ffmpeg/run-ffmpeg.ts'
import { checkFile } from '../probe/check-file.ts'

/** The sound in a file, a piece of which was decoded. */
export interface SoundInfo {
  /** Absolute path. */
  readonly path: string
  /** Samples a second of each channel. */
  readonly rate: number
  readonly channels: number
  /** Seconds; `undefined` where it is not known. */
  readonly duration: number | undefined
}

/**
 * Says what sound a file holds: the first sound in it. Decodes a piece of it, so that a broken file is found out here.
 *
 * @param path - The file, as a person wrote it; named in the error as it was given.
 * @returns `undefined` for a file of pictures without sound.
 * @throws {@link SourceError} `ERR_SOURCE_MISSING` when there is no such file, `ERR_SOURCE_UNREADABLE` when it cannot be
 *   read, `ERR_FFMPEG` when there is no ffmpeg; the signal's reason when it aborts.
 */
export async function probeSound(
  path: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<SoundInfo | undefined> {
  await checkFile(path, 'sound')
  const ffmpeg = await findFfmpeg()
  const input = [...LOCAL_SOUND_OPTIONS, '-i', localInput(path)]
  const output = ['-map', '0:a:0', '-frames:a', '1', '-c:a', 'pcm_s16le', '-f', 'framecrc', 'pipe:1']
  const args = ['-hide_banner', '-nostdin', '-nostats', ...input, ...output]
  const { stdout, stderr } = await runFfmpeg(ffmpeg.path, args, options)
  const rate = Number(/^#sample_rate 0: (\d+)$/m.exec(stdout)?.[1])
  const hasSamples = /^0,/m.test(stdout)
  if (rate > 0 && hasSamples) {
    return { path: resolve(path), rate, channels: channelsOf(stdout, stderr), duration: durationOf(stderr) }
  }
  if (/matches no streams/.test(stderr)) return undefined
  const reason = failureReason(stderr.split('\n'), localInput(path)) ?? 'no sound in it could be decoded'
  throw new SourceError(
    'ERR_SOURCE_UNREADABLE',
    `cannot read the sound of "${path}" (${reason}): give another file`,
  )
}

/** Told as a number up to 5.0, as the name of a layout from then on: so many bytes has a frame of 16-bit samples. */
function channelsOf(stdout: string, stderr: string): number {
  const [, samples, bytes] = /^0,[^,]*,[^,]*, *(\d+), *(\d+),/m.exec(stdout) ?? []
  const [, over, under] = /^#tb 0: (\d+)\/(\d+)$/m.exec(stdout) ?? []
  const rate = Number(/^#sample_rate 0: (\d+)$/m.exec(stdout)?.[1])
  const count = (Number(samples) * Number(over) * rate) / Number(under)
  const channels = Math.round(Number(bytes) / 2 / count)
  if (Number.isFinite(channels) && channels > 0) return channels
  return /: Audio: [^\n]*\bmono\b/.test(stderr) ? 1 : 2
}

function durationOf(stderr: string): number | undefined {
  const match = /^ +Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/m.exec(stderr)
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : undefined
}
