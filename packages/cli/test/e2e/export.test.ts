import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { encodeJpeg, findFfmpeg } from '@zcast/media'
import { Recorder } from '@zcast/recording'
import { quadrants } from '@zcast/testing/pictures/jpegs'
import { useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

const START = 1_785_000_000
const WIDTH = 64
const HEIGHT = 48
let picture: Uint8Array

/** Three seconds, the second of which is missing: 20 pictures, 50 pieces of sound and 10 arrays a second. */
async function makeRecording(path: string): Promise<void> {
  const recorder = new Recorder({ path })
  await recorder.open()
  picture = await encodeJpeg(quadrants(WIDTH, HEIGHT), WIDTH, HEIGHT)
  const samples = new Int16Array(960).fill(4000)
  for (let step = 0; step < 300; step++) {
    const time = START + step / 100
    if (step >= 100 && step < 200) continue
    const frame = { width: WIDTH, height: HEIGHT, format: 'jpeg', data: picture } as const
    if (step % 5 === 0)
      await recorder.write({
        topic: 'video/main',
        epoch: 1,
        block: { kind: 'video', seq: step / 5, time, ...frame },
      })
    const sound = { rate: 48_000, channels: 1, samples: 960, format: 's16' } as const
    const data = new Uint8Array(samples.buffer)
    if (step % 2 === 0)
      await recorder.write({
        topic: 'audio/main',
        epoch: 2,
        block: { kind: 'audio', seq: step / 2, time, ...sound, data },
      })
    const numbers = { rows: 1, columns: 2, names: ['temp', 'hum'], units: ['°C', '%'] } as const
    if (step % 10 === 0)
      await recorder.write({
        topic: 'numbers/room',
        epoch: 3,
        block: { kind: 'numbers', seq: step / 10, time, ...numbers, data: Float64Array.of(step / 10, -0.5) },
      })
  }
  await recorder.close()
}

let recording: string

let own: string

beforeAll(async () => {
  own = await mkdtemp(join(tmpdir(), 'zcast-export-'))
  recording = join(own, 'flight.mcap')
  await makeRecording(recording)
})

afterAll(async () => {
  await rm(own, { recursive: true })
})

test('numbers become the CSV that a client prints', async () => {
  const { status, stdout } = await bench.run(['export', recording, '--csv', 'numbers/room'])
  expect(status).toBe(0)
  expect(stdout).toHaveLength(21)
  expect(stdout.slice(0, 2)).toEqual(['time,temp [°C],hum [%]', `${START},0,-0.5`])
  const printed = await bench.run(['client', 3, recording, '--csv'])
  expect(printed.stdout).toEqual(stdout)
})

test('a topic of a recording is looked at by its own times', async () => {
  const { stdout } = await bench.run(['topic', 'hz', recording, '--json'])
  const reports = stdout.map((line) => JSON.parse(line) as object)
  expect(reports).toMatchObject([
    { topic: 'audio/main', received: 100, lost: 50, time: { rate: expect.closeTo(50) } },
    { topic: 'numbers/room', received: 20, lost: 10, time: { rate: expect.closeTo(10) } },
    { topic: 'video/main', received: 40, lost: 20, time: { rate: expect.closeTo(20) } },
  ])
  const echoed = await bench.run([
    'topic',
    'echo',
    recording,
    'numbers/room',
    '--filter',
    'temp == 7',
    '--json',
  ])
  expect(echoed.stdout.map((line) => JSON.parse(line) as object)).toMatchObject([
    { topic: 'numbers/room', seq: 7, values: [7, -0.5], names: ['temp', 'hum'] },
  ])
})

test('pictures become the very files that were recorded, in a folder of their own', async () => {
  const folder = bench.path('pictures')
  expect(await bench.run(['export', recording, '--jpegs', 'video/main', folder])).toMatchObject({ status: 0 })
  const names = await readdir(folder)
  expect(names).toHaveLength(40)
  for (const name of names) expect(await readFile(join(folder, name))).toEqual(Buffer.from(picture))
  const again = await bench.run(['export', recording, '--jpegs', 'video/main', folder])
  expect(again).toMatchObject({ status: 2, stderr: [expect.stringContaining('exists already')] })
})

test('pictures and their sound become an MP4 with the gap in it', async () => {
  const path = bench.path('flight.mp4')
  const { status } = await bench.run(['export', recording, '--mp4', 'video/main', '-o', path])
  expect(status).toBe(0)
  const { path: ffmpeg } = await findFfmpeg()
  const args = [
    '-hide_banner',
    '-nostdin',
    '-i',
    path,
    '-vf',
    'showinfo',
    '-af',
    'silencedetect=d=0.3',
    '-f',
    'null',
    '-',
  ]
  const { stderr } = await promisify(execFile)(ffmpeg, args)
  const times = [...stderr.matchAll(/pts_time: ?([\d.]+)/g)].map(([, time]) => Number(time))
  const [first = 0] = times
  expect(times).toHaveLength(40)
  expect((times[20] ?? 0) - first).toBeCloseTo(2, 1)
  expect((times[39] ?? 0) - first).toBeCloseTo(2.95, 1)
  const [, silence] = /silence_duration: ?([\d.]+)/.exec(stderr) ?? []
  expect(Number(silence)).toBeGreaterThan(0.8)
})

test('sound becomes a WAV file with silence in place of what is missing', async () => {
  const path = bench.path('flight.wav')
  const { status } = await bench.run(['export', recording, '--wav', 'audio/main', '-o', path])
  expect(status).toBe(0)
  const bytes = await readFile(path)
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset + 44, (bytes.byteLength - 44) / 2)
  expect(samples).toHaveLength(3 * 48_000)
  expect([samples[24_000], samples[72_000], samples[120_000]]).toEqual([4000, 0, 4000])
})

describe('what cannot be exported is refused in a sentence', () => {
  test.each<readonly [readonly string[], number, RegExp]>([
    [[], 2, /say what is to be written, by one of --csv, --parquet, --mp4, --jpegs, --wav/],
    [['--csv', 'video/main'], 2, /csv holds numbers, and video\/main has none/],
    [
      ['--csv', 'numbers/other'],
      2,
      /has no topic numbers\/other: it has audio\/main, numbers\/room, video\/main/,
    ],
    [['--mp4', 'video/main', '-o', 'x.avi'], 2, /mp4 is written to a file that ends in \.mp4/],
    [['--csv', 'numbers/room', '--from', '1h'], 2, /from is after the end/],
  ])('%j', async (args, status, sentence) => {
    const ended = await bench.run(['export', recording, ...args])
    expect(ended).toMatchObject({ status, stderr: [expect.stringMatching(sentence)] })
  })

  test('garbage, and a file that is there', async () => {
    await mkdir(bench.path('bad'))
    const garbage = bench.path('bad/garbage.mcap')
    await writeFile(garbage, 'garbage')
    expect(await bench.run(['export', garbage, '--csv', 'numbers/room'])).toMatchObject({
      status: 1,
      stderr: [expect.stringContaining('is not an MCAP file')],
    })
    const there = await bench.run(['export', recording, '--csv', 'numbers/room', '-o', garbage])
    expect(there).toMatchObject({ status: 2, stderr: [expect.stringContaining('exists already')] })
    expect(await readFile(garbage, 'utf8')).toBe('garbage')
  })
})
