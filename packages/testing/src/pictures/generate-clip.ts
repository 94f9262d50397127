import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findFfmpeg } from '@zcast/media'

const CLIPS = fileURLToPath(new URL('../../../../../shared/clips', import.meta.url))

/** A clip of the real world, where the machine has it beside the project; `undefined` elsewhere. */
export function realClip(name: 'vtest.avi' | 'car-detection.mp4'): string | undefined {
  const path = join(CLIPS, name)
  return existsSync(path) ? path : undefined
}

/** Runs the ffmpeg that the project uses; rejects when it fails. */
export async function ffmpeg(...args: string[]): Promise<void> {
  const { path } = await findFfmpeg()
  const child = promisify(execFile)(path, ['-v', 'error', '-nostdin', '-y', ...args])
  child.child.stdin?.end()
  await child
}

/** Options of {@link generateClip}. */
export interface ClipOptions {
  /** Pictures; at most 26, so that their greys can be told apart. */
  readonly frames: number
  /** Pictures a second. Default 25. */
  readonly rate?: string
  /** Default 64x48. */
  readonly size?: string
  /** Further options before the output. */
  readonly output?: readonly string[]
}

const STEP = 8
const FIRST = 20

/** Makes a clip whose pictures are evenly grey, each lighter than the one before; see {@link frameNumber}. */
export async function generateClip(path: string, options: ClipOptions): Promise<string> {
  const { frames, rate = '25', size = '64x48', output = [] } = options
  const pictures = `nullsrc=s=${size}:r=${rate},geq=lum='${FIRST}+N*${STEP}':cb=128:cr=128,format=yuv420p`
  const codec = path.endsWith('.avi') ? ['-c:v', 'mpeg4', '-q:v', '1'] : ['-c:v', 'libx264', '-qp', '4']
  await ffmpeg('-f', 'lavfi', '-i', pictures, '-frames:v', String(frames), ...codec, ...output, path)
  return path
}

/** Makes a clip of pictures full of edges and colours, so that what is done to their detail shows. */
export async function generateDetailedClip(path: string, frames: number): Promise<string> {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25', '-frames:v', String(frames)]
  await ffmpeg(...picture, '-c:v', 'mpeg4', '-q:v', '1', path)
  return path
}

/** Which picture of a generated clip this is, by its grey of full range. */
export function frameNumber(pixels: Uint8Array): number {
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length
  return Math.round(((mean * 219) / 255 + 16 - FIRST) / STEP)
}
