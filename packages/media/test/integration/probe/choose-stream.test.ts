import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { probeVideo } from '../../../src/probe/probe-video.ts'
import { ffmpeg, generateClip } from '@zcast/testing/pictures/generate-clip'

let folder: string
let small: string
let large: string
let still: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-streams-'))
  small = await generateClip(join(folder, 'small.mp4'), { frames: 10 })
  large = await generateClip(join(folder, 'large.mp4'), { frames: 10, size: '96x64' })
  still = join(folder, 'still.mkv')
  await ffmpeg('-f', 'lavfi', '-i', 'color=red:s=320x200', '-frames:v', '1', '-c:v', 'mjpeg', still)
})

afterAll(() => rm(folder, { recursive: true }))

/** Puts the videos of some files into one. */
async function together(name: string, inputs: readonly string[], ...options: string[]): Promise<string> {
  const path = join(folder, name)
  const read = inputs.flatMap((input) => ['-i', input])
  const map = inputs.flatMap((_, index) => ['-map', String(index)])
  await ffmpeg(...read, ...map, '-c', 'copy', ...options, path)
  return path
}

describe('of several videos in a file', () => {
  test('one that moves is shown rather than a still picture before it, however large or preferred', async () => {
    const plain = await together('plain.mkv', [still, small])
    expect(await probeVideo(plain)).toMatchObject({ stream: 1, width: 64 })
    const preferred = await together('preferred.mkv', [still, small], '-disposition:0', 'default')
    expect(await probeVideo(preferred)).toMatchObject({ stream: 1, width: 64 })
  })

  test('the one is shown that the file names, else the largest, else the first', async () => {
    const dispositions = ['-disposition:0', 'default', '-disposition:1', '0']
    const named = await together('named.mkv', [small, large], ...dispositions)
    expect(await probeVideo(named)).toMatchObject({ stream: 0, width: 64 })
    const cameras = await together(
      'cameras.mkv',
      [small, large],
      '-disposition:0',
      '0',
      '-disposition:1',
      '0',
    )
    expect(await probeVideo(cameras)).toMatchObject({ stream: 1, width: 96 })
    const same = await together('same.mkv', [large, large], '-disposition:0', '0', '-disposition:1', '0')
    expect(await probeVideo(same)).toMatchObject({ stream: 0 })
  })

  test('a cover picture is none of them', async () => {
    const covered = await together('covered.mp4', [still, small], '-disposition:0', 'attached_pic')
    expect(await probeVideo(covered)).toMatchObject({ width: 64 })
  })

  test('a still picture alone is shown', async () => {
    expect(await probeVideo(still)).toMatchObject({ stream: 0, width: 320 })
  })
})
