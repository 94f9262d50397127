import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findFfmpeg } from '@zcast/media'

const MATROSKA_CLUSTER = Buffer.from([0x1f, 0x43, 0xb6, 0x75])
const run = promisify(execFile)

/** A recording as another ffmpeg reads it. */
export interface ReadRecording {
  /** Of each frame, in milliseconds since the start. */
  readonly timesMs: readonly number[]
  /** Of the decoded video, such as `320x180`. */
  readonly size: string
}

/**
 * Decodes a recording to the end.
 *
 * @param isWhole - Rejects where a player would complain. False for a file that was cut off: its last piece may be
 *   damaged.
 */
export async function readRecording(path: string, isWhole = true): Promise<ReadRecording> {
  const { path: ffmpeg, passthroughOptions } = await findFfmpeg()
  const input = ['-v', 'error', ...(isWhole ? ['-xerror'] : []), '-i', path, '-map', '0:v']
  // The times as the file has them, then every picture decoded: the decoder alone would round times to a frame rate.
  const copied = await run(ffmpeg, [...input, '-c', 'copy', '-f', 'framecrc', '-'])
  const decoded = await run(ffmpeg, [...input, ...passthroughOptions, '-f', 'framecrc', '-'])
  const [, numerator, denominator] = /^#tb 0: (\d+)\/(\d+)$/m.exec(copied.stdout) ?? []
  const rows = lines(copied.stdout)
  if (isWhole && lines(decoded.stdout).length !== rows.length)
    throw new Error('not every frame could be decoded')
  const timesMs = rows.map(
    (row) => (Number(row.split(',')[2]) * Number(numerator) * 1000) / Number(denominator),
  )
  return { timesMs, size: /^#dimensions 0: (\S+)$/m.exec(decoded.stdout)?.[1] ?? '' }
}

/** How many pieces a recording has so far, in MP4 or Matroska. */
export function countPieces(recording: Buffer): number {
  const mark = recording.subarray(4, 8).equals(Buffer.from('ftyp')) ? Buffer.from('moof') : MATROSKA_CLUSTER
  let count = 0
  for (let at = recording.indexOf(mark); at >= 0; at = recording.indexOf(mark, at + 1)) count += 1
  return count
}

/** The bytes of all pictures of a recording that holds JPEG, one after the other. */
export async function copyPictures(path: string): Promise<Buffer> {
  const { path: ffmpeg } = await findFfmpeg()
  const args = ['-v', 'error', '-i', path, '-c', 'copy', '-f', 'mjpeg', '-']
  const { stdout } = await run(ffmpeg, args, { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => /^\d/.test(line))
}
