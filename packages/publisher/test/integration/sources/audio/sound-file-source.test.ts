import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { Demand, type SoundBlock } from '@zcast/shared'
import { take, testSourceContract } from '@zcast/testing/contracts/source-contract'
import { ffmpeg } from '@zcast/testing/pictures/generate-clip'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { SoundFileSource } from '../../../../src/sources/audio/sound-file-source.ts'
import { ClipTimeline } from '../../../../src/sources/clip/clip-timeline.ts'

const folder = useTemporaryFolder()

/** A second of sound whose samples rise from 0 to 7999, so that each tells its place. */
async function ramp(): Promise<string> {
  const path = join(folder(), 'ramp.wav')
  const samples = "aevalsrc='n/32768':s=8000"
  await ffmpeg('-f', 'lavfi', '-i', samples, '-t', '1', '-c:a', 'pcm_s16le', path)
  return path
}

async function open(path: string, options = {}): Promise<SoundFileSource> {
  return (await SoundFileSource.open(path, options)) as SoundFileSource
}

function samplesOf({ data }: SoundBlock): number[] {
  const bytes = Buffer.from(data)
  return Array.from({ length: bytes.byteLength / 2 }, (_, n) => bytes.readInt16LE(n * 2))
}

testSourceContract('SoundFileSource', {
  kind: 'audio',
  create: async () => open(await ramp()),
  intervalSeconds: 0.02,
})

describe('the sound of a file', () => {
  test('comes to the sample, and again from its first one', async () => {
    const blocks = (await take(await open(await ramp()), 60)) as SoundBlock[]
    const samples = blocks.flatMap(samplesOf)
    expect(samples).toEqual(Array.from({ length: 9600 }, (_, n) => n % 8000))
    expect(blocks[0]).toMatchObject({ rate: 8000, channels: 1, samples: 160 })
  })

  test('ends with its last sample without a loop', async () => {
    const blocks = (await take(await open(await ramp(), { loop: false }), 1000)) as SoundBlock[]
    expect(blocks.flatMap(samplesOf)).toEqual(Array.from({ length: 8000 }, (_, n) => n))
  })

  test('has the rate and channels that are asked for', async () => {
    const [block] = (await take(await open(await ramp(), { rate: 16_000, channels: 2 }), 1)) as SoundBlock[]
    expect(block).toMatchObject({ rate: 16_000, channels: 2, samples: 320 })
  })

  test('is where the pictures are, and follows them where they jump or begin anew', async () => {
    const timeline = new ClipTimeline()
    const source = await open(await ramp(), { timeline })
    const offs: number[] = []
    let begun: number | undefined
    let [pass, at] = [0, 0.3]
    for await (const block of source.blocks({
      signal: new AbortController().signal,
      demand: new Demand(['']),
    })) {
      const { time } = block
      if (begun === undefined) {
        begun = time + 0.1
        timeline.show(pass, at, begun)
        continue
      }
      if (time >= begun + 0.02) {
        const place = Math.round((at + time - begun) * 8000)
        offs.push((samplesOf(block)[0] ?? NaN) - place)
      }
      if (offs.length === 8 || offs.length === 16) {
        // A new pass from its begin, then one that goes on elsewhere.
        ;[pass, at, begun] = offs.length === 8 ? [1, 0, time + 0.1] : [1, 0.6, time + 0.1]
        timeline.show(pass, at, begun)
        offs.push(0)
      }
      if (offs.length >= 24) break
    }
    for (const off of offs) expect(Math.abs(off)).toBeLessThanOrEqual(40)
  })

  test('is not there in a file of pictures, and a file that is none is refused', async () => {
    const clip = join(folder(), 'silent.mp4')
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=64x48:r=10', '-frames:v', '5', clip)
    expect(await SoundFileSource.open(clip)).toBeUndefined()
    const text = join(folder(), 'text.mp3')
    await writeFile(text, 'no sound at all')
    await expect(SoundFileSource.open(text)).rejects.toMatchObject({ code: 'ERR_SOURCE_UNREADABLE' })
    await expect(SoundFileSource.open(join(folder(), 'none.wav'))).rejects.toMatchObject({
      code: 'ERR_SOURCE_MISSING',
    })
  })

  test('is not taken from other files that a list names', async () => {
    const list = join(folder(), 'list.mp3')
    await writeFile(list, `ffconcat version 1.0\nfile ${await ramp()}\n`)
    await expect(SoundFileSource.open(list)).rejects.toMatchObject({ code: 'ERR_SOURCE_UNREADABLE' })
  })
})
