import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { probeVideo } from '@zcast/media'
import type { Frame } from '@zcast/shared'
import { VideoFileSource } from '../../../src/sources/video-file-source.ts'
import { ffmpeg, generateClip } from '../../support/clips.ts'
import { passOf } from '../../support/job-pictures.ts'
import { countTo } from '../../support/play.ts'
import { run } from '@zcast/testing/contracts/source-contract'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-times-'))
})

afterAll(() => rm(folder, { recursive: true }))

/** A clip whose picture N is shown at the seconds that an expression of ffmpeg gives. */
async function clipAt(name: string, seconds: string, frames = 20): Promise<string> {
  const still = await generateClip(join(folder, 'still.avi'), { frames })
  const path = join(folder, name)
  const times = ['-vf', `settb=1/1000,setpts='round(1000*(${seconds}))'`, '-vsync', 'passthrough']
  const codec = ['-enc_time_base', '1:1000', '-c:v', 'libx264', '-qp', '4']
  // The edit lists of ffmpeg 4.1 end before the last picture, which every reader then leaves out.
  const mp4 = ['-video_track_timescale', '1000', '-use_editlist', '0']
  await ffmpeg('-i', still, ...times, ...codec, ...(name.endsWith('.mp4') ? mp4 : []), path)
  return path
}

/** Sets the clock back in the clusters of a Matroska file that begin this late, by as much, in milliseconds. */
function setBack(file: Buffer, milliseconds: number): Buffer {
  for (let at = file.indexOf('1f43b675', 0, 'hex'); at !== -1; at = file.indexOf('1f43b675', at + 4, 'hex')) {
    const time = file.indexOf('e782', at, 'hex') + 2
    if (time - at > 24) continue
    const value = file.readUInt16BE(time)
    if (value >= milliseconds) file.writeUInt16BE(value - milliseconds, time)
  }
  return file
}

const timesOf = (milliseconds: (picture: number) => number, count = 20): number[] =>
  countTo(count).map((picture) => Math.round(milliseconds(picture)))

describe('each picture of a clip is shown at its own time', () => {
  test.each([
    [
      'clip.mkv',
      'two in one slot of the nominal rate',
      'floor(N/2)/15+mod(N,2)*0.005',
      (n: number) => Math.floor(n / 2) / 0.015 + (n % 2) * 5,
    ],
    ['phone.mp4', 'slightly faster than the nominal rate', 'N/30.1', (n: number) => n / 0.0301],
    [
      'screen.mkv',
      'with a pause of minutes, as of a screen',
      'N/10+gt(N,9)*200',
      (n: number) => n * 100 + (n > 9 ? 200_000 : 0),
    ],
    [
      'slow.mp4',
      'in slow motion for a while',
      'if(lt(N,10),N/240,10/240+(N-10)/30)',
      (n: number) => (n < 10 ? n / 0.24 : 10 / 0.24 + (n - 10) / 0.03),
    ],
  ])('%s: %s', async (name, _, expression, milliseconds) => {
    const { numbers, times } = await passOf(await clipAt(name, expression))
    expect(numbers).toEqual(countTo(20))
    expect(times).toEqual(timesOf(milliseconds))
  })

  test('of animated pictures, whose last one lasts as long as it says before the next pass', async () => {
    for (const name of ['clip.gif', 'clip.apng']) {
      const still = await generateClip(join(folder, 'still.avi'), { frames: 4 })
      const delays = ['-vf', "settb=1/100,setpts='N*20'", '-vsync', 'passthrough', '-enc_time_base', '1:100']
      const last = name.endsWith('.gif') ? ['-final_delay', '60'] : ['-final_delay', '60/100', '-plays', '0']
      const path = join(folder, name)
      await ffmpeg('-i', still, ...delays, ...last, path)
      const frames: Frame[] = []
      const source = await VideoFileSource.open(path)
      for await (const frame of source.blocks(run())) if (frames.push(frame) === 6) break
      const steps = frames.slice(1).map(({ time }, i) => Math.round((time - (frames[i]?.time ?? 0)) * 100))
      // Never early; a busy machine may be late.
      for (const [i, least] of [20, 20, 20, 60, 20].entries()) expect(steps[i]).toBeGreaterThanOrEqual(least)
    }
  })

  test('where times jump far ahead or back, as when a clock is set, pictures go on at the usual rate', async () => {
    const ahead = await passOf(await clipAt('ahead.mkv', 'N/25+gt(N,9)*3600'))
    expect(ahead.numbers).toEqual(countTo(20))
    expect(ahead.times.map((time, i) => time - (ahead.times[i - 1] ?? 0)).every((step) => step < 100)).toBe(
      true,
    )
    const back = await clipAt('back.mkv', '10+N/25+gt(N,9)*20')
    await writeFile(back, setBack(await readFile(back), 25_000))
    const { numbers, times } = await passOf(back)
    expect(numbers).toEqual(countTo(20))
    expect(times).toEqual(timesOf((picture) => picture * 40))
    // A place behind the jump cannot be told by its time.
    const known = { index: 12, at: 12 / 25 }
    expect((await passOf(back, { known, next: 12 })).numbers).toEqual(countTo(20).slice(12))
  })

  test.each(['clip.mp4', 'clip.mkv', 'clip.ts', 'clip.avi', 'clip.h264', 'clip.flv'])(
    'from any place on: %s',
    async (name) => {
      const path = await generateClip(join(folder, name), { frames: 26, output: ['-g', '12'] })
      const video = await probeVideo(path)
      for (const index of [1, 12, 20]) {
        const known = { index, at: index / 25 }
        const { numbers, times } = await passOf(path, { known, next: index }, video)
        expect(numbers).toEqual(countTo(26).slice(index))
        expect(times.map(Math.round)).toEqual(numbers.map((picture) => picture * 40))
        const after = await passOf(path, { known, next: index + 1 }, video)
        expect(after.numbers).toEqual(countTo(26).slice(index + 1))
      }
    },
  )
})
