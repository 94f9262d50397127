import { SourceError } from '@zcast/shared'
import { localInput } from '../ffmpeg/allowed-inputs.ts'
import { failureReason } from '../ffmpeg/failure-reason.ts'
import { FedProcess } from '../ffmpeg/fed-process.ts'
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts'
import type { PcmFormat } from './pcm-stream.ts'

/** A minute of sound takes less than a second. */
const LONGEST_MS = 30_000

/**
 * Writes sound as AAC in MP4, which every browser plays.
 *
 * @param path - The file, which is replaced.
 * @param samples - 16-bit samples, little-endian, the channels in turn.
 * @throws {@link SourceError} `ERR_FFMPEG` when there is no ffmpeg, or it fails.
 */
export async function writeAacFile(
  path: string,
  samples: Uint8Array,
  { rate, channels }: PcmFormat,
): Promise<void> {
  const ffmpeg = await findFfmpeg()
  const input = ['-f', 's16le', '-ar', String(rate), '-ac', String(channels), '-i', 'pipe:0']
  const output = [
    '-c:a',
    'aac',
    '-b:a',
    '64k',
    '-movflags',
    '+faststart',
    '-f',
    'mp4',
    '-y',
    localInput(path),
  ]
  const args = ['-hide_banner', '-nostats', '-loglevel', 'error', ...input, ...output]
  const encoder = await FedProcess.start(ffmpeg.path, args)
  await encoder.feed(samples)
  const { code, lastLines } = await encoder.end(LONGEST_MS)
  if (code === 0) return
  const reason = failureReason(lastLines, 'pipe:0') ?? `exit status ${code}`
  throw new SourceError('ERR_FFMPEG', `ffmpeg could not write ${path}: ${reason}`)
}
