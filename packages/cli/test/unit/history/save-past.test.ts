import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import type { History, HistoryRange, RecordedBlock } from '@zcast/subscribers'
import { openMp4 } from '../../../src/history/open-mp4.ts'
import { savePast } from '../../../src/history/save-past.ts'

const COUNT = 20
const topics = ['numbers/imu']

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-save-past-'))
})
afterEach(async () => {
  jest.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})

/** A past of a few rows of numbers, and of topics by name. */
function pastOf(names: readonly string[]): History {
  return {
    from: 0,
    to: COUNT,
    topics: () => names.map((topic) => ({ topic, schema: '', messages: 1 })),
    async *blocks({ topics: wanted = names }: HistoryRange = {}): AsyncGenerator<RecordedBlock> {
      for (const topic of wanted)
        for (let seq = 0; seq < COUNT; seq++) {
          const block = { seq, time: seq, rows: 1, columns: 1, data: Float64Array.of(seq) }
          yield { recordedAt: seq, envelope: { topic, epoch: 1, block: { kind: 'numbers', ...block } } }
        }
    },
    latest: async () => undefined,
    async *losses() {},
    async *lines() {},
  }
}

test('numbers are saved as CSV, whole', async () => {
  const path = join(folder, 'a.csv')
  await savePast(pastOf(topics), { format: 'csv', topics, from: 0, to: COUNT }, path)
  expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(COUNT + 1)
})

test('a CSV that the disk has no room for fails, rather than be cut short', async () => {
  const probe = await open(join(folder, 'probe'), 'w')
  await probe.close()
  const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space left')) })
  jest.spyOn(Object.getPrototypeOf(probe), 'createWriteStream').mockReturnValue(full)
  const saved = savePast(pastOf(topics), { format: 'csv', topics, from: 0, to: COUNT }, join(folder, 'a.csv'))
  await expect(saved).rejects.toMatchObject({ code: 'ERR_SINK' })
})

test('a save gives up when it is told to', async () => {
  const selection = { format: 'csv', topics, from: 0, to: COUNT } as const
  const saved = savePast(pastOf(topics), selection, join(folder, 'a.csv'), AbortSignal.abort())
  await expect(saved).rejects.toMatchObject({ name: 'AbortError' })
})

test('CSV and MP4 hold one topic', async () => {
  for (const format of ['csv', 'mp4'] as const)
    for (const some of [[], ['numbers/imu', 'numbers/gps']]) {
      const saved = savePast(pastOf(some), { format, topics: some, from: 0, to: COUNT }, join(folder, 'a'))
      await expect(saved).rejects.toThrow('holds one topic')
    }
})

test('pictures are saved with the sound of their stream, whatever the rendition', async () => {
  const path = join(folder, 'a.mp4')
  const all = pastOf(['audio/main', 'video/main', 'video@360p/main', 'video/other'])
  const topicsOf = async (topic: string): Promise<readonly string[]> =>
    (await openMp4(all, { topic, path })).topics
  expect(await topicsOf('video/main')).toEqual(['video/main', 'audio/main'])
  expect(await topicsOf('video@360p/main')).toEqual(['video@360p/main', 'audio/main'])
  expect(await topicsOf('video/other')).toEqual(['video/other'])
})
