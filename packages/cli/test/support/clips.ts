import { afterAll, beforeAll } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ffmpeg } from '@zcast/testing/pictures/generate-clip'

export { ffmpeg, generateClip, realClip } from '@zcast/testing/pictures/generate-clip'

/** Makes a clip of one minute, so large that ffmpeg is at it for as long as it is played. */
export async function longClip(path: string): Promise<string> {
  const picture = ['-f', 'lavfi', '-i', 'testsrc=s=640x480:r=10']
  await ffmpeg(...picture, '-frames:v', '600', '-c:v', 'mpeg4', '-q:v', '5', '-pix_fmt', 'yuv420p', path)
  return path
}

/** Makes one {@link longClip} for all tests of a file, and removes it after them. */
export function useLongClip(): { readonly path: string } {
  let folder = ''
  let path = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zcast-clips-'))
    path = await longClip(join(folder, 'clip.mp4'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return {
    get path() {
      return path
    },
  }
}
