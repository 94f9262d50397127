import { readFile, rm, writeFile } from 'node:fs/promises'
import { ffmpeg } from './clips.ts'

/** A part of a clip that changes. */
export interface ClipPart {
  readonly size: string
  readonly frames: number
  /** Default `yuv420p`. */
  readonly pixelFormat?: string
}

const STEP = 8
const FIRST = 20

/**
 * Makes a clip (H.264, 25 a second) of parts of different sizes or formats, whose pictures are evenly grey, each lighter
 * than the one before, as those of `generateClip`.
 */
export async function changingClip(path: string, parts: readonly ClipPart[]): Promise<string> {
  const raw = `${path}.raw.h264`
  const pieces: Buffer[] = []
  let before = 0
  for (const { size, frames, pixelFormat = 'yuv420p' } of parts) {
    const pictures = `nullsrc=s=${size}:r=25,geq=lum='${FIRST}+(N+${before})*${STEP}':cb=128:cr=128,format=${pixelFormat}`
    const codec = ['-c:v', 'libx264', '-qp', '4', '-bf', '0', '-f', 'h264']
    await ffmpeg('-f', 'lavfi', '-i', pictures, '-frames:v', String(frames), ...codec, raw)
    pieces.push(await readFile(raw))
    before += frames
  }
  await writeFile(raw, Buffer.concat(pieces))
  if (path.endsWith('.h264')) await writeFile(path, Buffer.concat(pieces))
  else await ffmpeg('-framerate', '25', '-f', 'h264', '-i', raw, '-c', 'copy', path)
  await rm(raw)
  return path
}
