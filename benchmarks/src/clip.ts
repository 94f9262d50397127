import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { BenchmarkContext } from './benchmark.ts'
import { findFfmpeg } from '@zcast/media'

/** A clip of 1080p, as h264 and as MJPEG, pictures of about 150 kB at quality 80. */
export interface Clip {
  readonly h264: string
  readonly mjpeg: string
  readonly frames: number
}

let made: Clip | undefined

/** Makes the clip: a test picture with noise, as a camera has it. Only once. */
export async function makeClip({ directory, quick }: BenchmarkContext): Promise<Clip> {
  if (made) return made
  const seconds = quick ? 6 : 10
  const { path } = await findFfmpeg()
  const h264 = join(directory, 'clip.mp4')
  const mjpeg = join(directory, 'clip.avi')
  const run = (...args: string[]): void => {
    execFileSync(path, ['-v', 'error', '-y', ...args], { stdio: 'ignore' })
  }
  const picture = 'testsrc2=size=1920x1080:rate=30,noise=alls=7:allf=t'
  const encoding = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p']
  run('-f', 'lavfi', '-i', picture, '-t', String(seconds), ...encoding, h264)
  run('-i', h264, '-c:v', 'mjpeg', '-q:v', '3', mjpeg)
  made = { h264, mjpeg, frames: seconds * 30 }
  return made
}
