import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { findFfmpeg } from '@zcast/shared/media'

const run = promisify(execFile)

/** A recording as another ffmpeg reads it. */
export interface ReadRecording {
  /** Of each frame, in milliseconds since the start. */
  readonly timesMs: readonly number[]
  /** Of the decoded video, such as `320x180`. */
  readonly size: string
}

/** Decodes a recording to the end. Rejects where a player would complain. */
export async function readRecording(path: string): Promise<ReadRecording> {
  const { path: ffmpeg, passthroughOptions } = await findFfmpeg()
  const input = ['-v', 'error', '-xerror', '-i', path, '-map', '0:v']
  // The times as the file has them, then every picture decoded: the decoder alone would round times to a frame rate.
  const copied = await run(ffmpeg, [...input, '-c', 'copy', '-f', 'framecrc', '-'])
  const decoded = await run(ffmpeg, [...input, ...passthroughOptions, '-f', 'framecrc', '-'])
  const [, numerator, denominator] = /^#tb 0: (\d+)\/(\d+)$/m.exec(copied.stdout) ?? []
  const rows = lines(copied.stdout)
  if (lines(decoded.stdout).length !== rows.length) throw new Error('not every frame could be decoded')
  const timesMs = rows.map(
    (row) => (Number(row.split(',')[2]) * Number(numerator) * 1000) / Number(denominator),
  )
  return { timesMs, size: /^#dimensions 0: (\S+)$/m.exec(decoded.stdout)?.[1] ?? '' }
}

/** The bytes of all pictures of a recording that holds JPEG, one after the other. */
export async function copyPictures(path: string): Promise<Buffer> {
  const { path: ffmpeg } = await findFfmpeg()
  const args = ['-v', 'error', '-i', path, '-c', 'copy', '-f', 'mjpeg', '-']
  const { stdout } = await run(ffmpeg, args, { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

/** The processes whose command line names a file, where the system tells (Linux); `undefined` elsewhere. */
export async function processesNaming(path: string): Promise<number[] | undefined> {
  const entries = await readdir('/proc').catch(() => undefined)
  if (!entries) return undefined
  const numbers = entries.filter((entry) => /^\d+$/.test(entry)).map(Number)
  const named = await Promise.all(
    numbers.map(async (pid) => {
      const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      return pid !== process.pid && commandLine.includes(`file:${path}`) ? [pid] : []
    }),
  )
  return named.flat()
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => /^\d/.test(line))
}
