import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findFfmpeg } from '@zcast/media'
import { keptClip } from './kept-clip.ts'

const CLIPS = fileURLToPath(new URL('../../../../../shared/clips', import.meta.url))

/** The path of a real-world clip, when the machine has it beside the project; otherwise `undefined`. */
export function realClip(name: 'vtest.avi' | 'car-detection.mp4'): string | undefined {
  const path = join(CLIPS, name)
  return existsSync(path) ? path : undefined
}

/**
 * Runs the ffmpeg that the project uses; rejects when it fails. A clip made only of ffmpeg's own test pictures is made
 * once, see {@link keptClip}.
 *
 * @param args - Options, and the path of the output at the end.
 */
export async function ffmpeg(...args: string[]): Promise<void> {
  const { path, version } = await findFfmpeg()
  const make = async (...all: string[]): Promise<void> => {
    const child = promisify(execFile)(path, ['-v', 'error', '-nostdin', '-y', ...all])
    child.child.stdin?.end()
    await child
  }
  const output = args.at(-1) ?? ''
  const options = args.slice(0, -1)
  const ofTestPictures =
    count(args, '-i') > 0 && count(args, 'lavfi') === count(args, '-i') && !output.includes('%')
  if (!ofTestPictures) return make(...args)
  await keptClip(output, [path, version, ...options], (kept) => make(...options, kept))
}

function count(args: readonly string[], one: string): number {
  return args.filter((arg) => arg === one).length
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

/** The number of a picture of a generated clip, from its full-range grey. */
export function frameNumber(pixels: Uint8Array): number {
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length
  return Math.round(((mean * 219) / 255 + 16 - FIRST) / STEP)
}
