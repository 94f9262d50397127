import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { type Envelope, type Frame, type NumbersBlock, Statistics } from '@zcast/shared'
import type { RecordedBlock, Sink } from '@zcast/subscribers'
import { testSinkContract } from '@zcast/testing/contracts/sink-contract'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import {
  frameEnvelope,
  jpegShell,
  numbersEnvelope,
  rowsEnvelope,
  soundEnvelope,
} from '@zcast/testing/streams/envelopes'
import { sequenceNumbers } from '@zcast/testing/streams/sequence-numbers'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { HistoryRing, type HistoryRingOptions, Recording, saveSelection } from '../../src/index.ts'

const folder = useTemporaryFolder()
const MEBIBYTE = 2 ** 20
const rings: HistoryRing[] = []

async function openRing(options: Partial<HistoryRingOptions> = {}): Promise<HistoryRing> {
  const ring = await HistoryRing.open({ seconds: 600, bytes: 64 * MEBIBYTE, folder: folder(), ...options })
  rings.push(ring)
  return ring
}

afterEach(async () => {
  for (const ring of rings.splice(0)) await ring.close()
})

async function openSink(ring: HistoryRing, context: object = {}): Promise<Sink> {
  const sink = ring.sink()
  await sink.open(context as never)
  return sink
}

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

function seqs(blocks: readonly RecordedBlock[]): readonly number[] {
  return blocks.flatMap(({ envelope }) => sequenceNumbers(envelope.block))
}

const [LARGE, SMALL] = [100_000, 1000].map((bytes) =>
  jpegShell(
    16,
    9,
    Array.from({ length: bytes }, () => 1),
  ),
) as [Uint8Array, Uint8Array]

function picture(seq: number, topic: string, data = LARGE): Envelope {
  return { topic, epoch: 1, block: { ...(frameEnvelope(seq).block as Frame), data } }
}

testSinkContract('HistoryRing', {
  create: async () => (await openRing()).sink(),
  envelope: (seq) => numbersEnvelope(seq),
})

test('what came on several subscriptions is read in the order in which it came, within a second', async () => {
  const ring = await openRing()
  const [numbers, pictures] = [await openSink(ring), await openSink(ring)]
  const block = { ...rowsEnvelope(7, 3).block, interval: 0.25, names: ['a'], units: ['V'] } as never
  const sent: readonly Envelope[] = [
    { topic: 'numbers/imu', epoch: 5, block },
    frameEnvelope(1),
    { ...numbersEnvelope(undefined, { topic: 'numbers/b' }), epoch: undefined, arrivalTime: true },
    soundEnvelope(3),
    frameEnvelope(2, { topic: 'video@360p/main' }),
  ]
  for (const envelope of sent) await (envelope.block.kind === 'numbers' ? numbers : pictures).write(envelope)
  while (ring.topics().length < 5) await new Promise((resolve) => setTimeout(resolve, 20))
  const blocks = await collect(ring.blocks())
  expect(blocks.map(({ envelope }) => envelope)).toEqual([
    ...sent.slice(0, 4),
    { ...sent[4], block: { ...sent[4]?.block, rendition: '360p' } },
  ])
  const times = blocks.map(({ recordedAt }) => recordedAt)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect([ring.from, ring.to]).toEqual([blocks[0]?.recordedAt, blocks.at(-1)?.recordedAt])
  expect(ring.topics()).toEqual([
    { topic: 'audio/main', schema: 'foxglove.RawAudio', messages: 1 },
    { topic: 'numbers/b', schema: 'zcast.Numbers', messages: 1 },
    { topic: 'numbers/imu', schema: 'zcast.Numbers', messages: 3 },
    { topic: 'video/main', schema: 'foxglove.CompressedImage', messages: 1 },
    { topic: 'video@360p/main', schema: 'foxglove.CompressedImage', messages: 1 },
  ])
})

test('a range of time and topics is read, both ends included, and the last before a moment', async () => {
  const ring = await openRing()
  const sink = await openSink(ring)
  for (let seq = 0; seq < 20; seq++) {
    await sink.write(numbersEnvelope(seq))
    await sink.write(frameEnvelope(seq))
    if (seq % 5 === 0) await ring.flush()
  }
  await ring.flush()
  const topics = ['video/main']
  const blocks = await collect(ring.blocks({ topics }))
  expect(seqs(blocks)).toEqual(Array.from({ length: 20 }, (_, seq) => seq))
  const [from, to] = [blocks[4]?.recordedAt, blocks[11]?.recordedAt]
  expect(seqs(await collect(ring.blocks({ topics, from, to })))).toEqual([4, 5, 6, 7, 8, 9, 10, 11])
  expect((await ring.latest('video/main', to ?? 0))?.envelope).toEqual(frameEnvelope(11))
  expect((await ring.latest('video/main', (to ?? 0) - 1e-6))?.envelope).toEqual(frameEnvelope(10))
  expect(await ring.latest('video/main', (ring.from ?? 0) - 1)).toBeUndefined()
  expect(await ring.latest('video/other', Infinity)).toBeUndefined()
})

test('pictures never drive out numbers, and the topic that takes most gives way first', async () => {
  const bytes = 4 * MEBIBYTE
  const ring = await openRing({ bytes })
  const sink = await openSink(ring)
  for (let seq = 0; seq < 150; seq++) {
    await sink.write(picture(seq, 'video/large'))
    await sink.write(picture(seq, 'video/small', SMALL))
    await sink.write(numbersEnvelope(seq))
    if (seq % 20 === 0) await ring.flush()
  }
  await ring.flush()
  expect(ring.bytes).toBeLessThan(bytes + MEBIBYTE)
  expect(ring.bytes).toBeGreaterThan(bytes / 2)
  const all = Array.from({ length: 150 }, (_, seq) => seq)
  expect(seqs(await collect(ring.blocks({ topics: ['numbers/random'] })))).toEqual(all)
  expect(seqs(await collect(ring.blocks({ topics: ['video/small'] })))).toEqual(all)
  const large = seqs(await collect(ring.blocks({ topics: ['video/large'] })))
  expect(large).toEqual(all.slice(-large.length))
  expect(large.length).toBeLessThan(50)
})

test('numbers keep to their own share', async () => {
  const bytes = 4 * MEBIBYTE
  const ring = await openRing({ bytes })
  const sink = await openSink(ring)
  for (let seq = 0; seq < 1000; seq++) {
    const values = Array.from({ length: 200 }, () => Math.random())
    await sink.write(numbersEnvelope(seq, { values }))
    if (seq % 50 === 0) await ring.flush()
  }
  await ring.flush()
  expect(ring.bytes).toBeLessThan(bytes / 4 + 2 * 80_000)
  expect(seqs(await collect(ring.blocks())).at(-1)).toBe(999)
})

test('what is older than the window goes, and nothing is written while nothing comes', async () => {
  const ring = await openRing({ seconds: 0.3 })
  const sink = await openSink(ring)
  for (let seq = 0; seq < 20; seq++) {
    await sink.write(numbersEnvelope(seq))
    await ring.flush()
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  const kept = seqs(await collect(ring.blocks()))
  expect(kept.at(-1)).toBe(19)
  expect(kept.length).toBeLessThan(19)
  const files = async (): Promise<unknown> => {
    const names = await readdir(ring.folder)
    return Promise.all(names.map(async (name) => (await stat(join(ring.folder, name))).mtimeMs))
  }
  const before = await files()
  await ring.flush()
  expect(await files()).toEqual(before)
})

test('what is old and cannot be removed is told, and what comes is still kept', async () => {
  const log = new RecordingLog()
  const ring = await openRing({ seconds: 0.3, log })
  const sink = await openSink(ring)
  await sink.write(numbersEnvelope(0))
  await ring.flush()
  // A folder in its place is not removed.
  const first = join(ring.folder, 'light-1.mcap')
  await rm(first)
  await mkdir(first)
  for (let seq = 1; log.lines.length === 0; seq++) {
    await sink.write(numbersEnvelope(seq))
    await ring.flush()
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  expect(log.lines).toEqual([expect.stringContaining('cannot be removed')])
  await sink.write(numbersEnvelope(1000))
  await ring.flush()
  expect(seqs(await collect(ring.blocks())).at(-1)).toBe(1000)
})

test('who reads is not disturbed by what is removed meanwhile', async () => {
  const ring = await openRing({ bytes: 8 * MEBIBYTE })
  const sink = await openSink(ring)
  let seq = 0
  const write = async (count: number): Promise<void> => {
    for (let end = seq + count; seq < end; seq++) await sink.write(picture(seq, 'video/main'))
    await ring.flush()
  }
  await write(40)
  const reading = ring.blocks()
  expect((await reading.next()).value).toMatchObject({ envelope: { block: { seq: 0 } } })
  for (let round = 0; round < 10; round++) await write(20)
  const rest: number[] = []
  for await (const { envelope } of reading) rest.push(envelope.block.seq ?? -1)
  expect(rest.length).toBeGreaterThan(0)
  expect(rest).toEqual(rest.toSorted((a, b) => a - b))
  await ring.close()
})

describe('losses', () => {
  test('are kept with their times, beside the lines of the log', async () => {
    const ring = await openRing()
    const sink = await openSink(ring)
    await sink.write(numbersEnvelope(3))
    ring.addLine('12 - 2026-08-04T15:47:01.250+00:00 - WARNING - publisher: it is warm')
    await sink.write(numbersEnvelope(7))
    await sink.write(frameEnvelope(2))
    await sink.write(frameEnvelope(4))
    await ring.flush()
    const losses = await collect(ring.losses())
    expect(losses).toMatchObject([
      { topic: 'numbers/random', epoch: 1, first: 4, count: 3 },
      { topic: 'video/main', epoch: 1, first: 3, count: 1 },
    ])
    expect(await collect(ring.losses({ topics: ['video/main'] }))).toEqual(losses.slice(1))
    expect(await collect(ring.losses({ to: losses[0]?.time }))).toEqual(losses.slice(0, 1))
    expect(await collect(ring.lines())).toEqual([
      {
        time: expect.any(Number),
        line: '12 - 2026-08-04T15:47:01.250+00:00 - WARNING - publisher: it is warm',
      },
    ])
    expect(ring.topics().map(({ topic }) => topic)).toEqual(['numbers/random', 'video/main'])
  })

  test('that begin a new segment leave the values after them with their topic', async () => {
    const ring = await openRing({ bytes: 8 * MEBIBYTE })
    const sink = await openSink(ring)
    const topics = ['numbers/a', 'numbers/b', 'numbers/c']
    const count = 4000
    // Each value has a loss before it, so that many of the notes are the last thing of a segment.
    for (let index = 0; index < count; index++)
      for (const [number, topic] of topics.entries())
        await sink.write(
          numbersEnvelope(index * 2, { topic, values: [number, Math.random(), Math.random()] }),
        )
    await ring.flush()
    expect((await readdir(ring.folder)).filter((name) => name.startsWith('light-')).length).toBeGreaterThan(3)
    for (const [number, topic] of topics.entries()) {
      const blocks = await collect(ring.blocks({ topics: [topic] }))
      expect(seqs(blocks)).toEqual(Array.from({ length: count }, (_, index) => index * 2))
      const first = blocks.map(({ envelope }) => (envelope.block as NumbersBlock).data[0])
      expect(new Set(first)).toEqual(new Set([number]))
    }
  })

  test('are not what a subscription leaves out because newer pictures came', async () => {
    const ring = await openRing()
    const statistics = new Statistics()
    const sink = await openSink(ring, { statistics })
    const { sequence } = statistics.topic('video/main')
    for (let seq = 1; seq <= 9; seq++) if (seq !== 6) sequence.accept(1, seq, 1)
    for (const seq of [1, 3, 9]) await sink.write(frameEnvelope(seq))
    await ring.flush()
    expect(await collect(ring.losses())).toMatchObject([{ topic: 'video/main', count: 1 }])
  })
})

describe('the folder', () => {
  test('is only for its user, and gone after the ring is closed', async () => {
    const ring = await openRing()
    await (await openSink(ring)).write(numbersEnvelope(1))
    await ring.flush()
    if (process.platform !== 'win32') expect((await stat(ring.folder)).mode & 0o777).toBe(0o700)
    await Promise.all([ring.close(), ring.close()])
    expect(await readdir(folder())).not.toContain(basename(ring.folder))
  })

  /** Leaves a folder as a killed process does. @param owner - Default: that of a page. */
  async function leave(
    parent: string,
    name: string,
    { owner = '', bytes = 1 }: { readonly owner?: string; readonly bytes?: number } = {},
  ): Promise<string> {
    const alive = await HistoryRing.open({ seconds: 1, bytes: MEBIBYTE, folder: parent, recording: 'alive' })
    const { host } = JSON.parse(await readFile(join(alive.folder, 'lock'), 'utf8')) as { host: string }
    await alive.close()
    const path = join(parent, `zcast-history-${name}`)
    await mkdir(path, { recursive: true })
    const holder = { pid: 2 ** 22 + 1, started: '1', nonce: '01234567-89ab-cdef-0123-456789abcdef' }
    // Nor does who found earlier ones live any more.
    for (const left of (await readdir(parent)).filter((one) => dead.has(one.slice(-6)) || one.endsWith(name)))
      await writeFile(join(parent, left, 'lock'), JSON.stringify({ ...holder, host }))
    dead.add(name)
    await writeFile(join(path, 'owner'), owner)
    await writeFile(join(path, 'light-1.mcap'), 'x'.repeat(bytes))
    return path
  }

  /** The folders that are left after a ring was opened. */
  async function openedBeside(parent: string, recording?: string): Promise<readonly string[]> {
    const log = new RecordingLog()
    const ring = await openRing({ folder: parent, recording, log })
    const names = (await readdir(parent)).filter((name) => name !== basename(ring.folder))
    await ring.close()
    told = log.lines
    return names.map((name) => name.slice(-6)).toSorted()
  }
  let told: readonly string[] = []
  const dead = new Set<string>()

  test('of a page that was killed is removed by the next, and nothing else is', async () => {
    const alive = await openRing()
    await leave(folder(), 'abcdef')
    const others = ['zcast-history-new123', 'zcast-history-', 'mine']
    for (const name of others) await mkdir(join(folder(), name))
    await leave(folder(), 'record', { owner: 'fall.mcap' })
    await openRing()
    const names = await readdir(folder())
    expect(names).not.toContain('zcast-history-abcdef')
    expect(names).toEqual(expect.arrayContaining([...others, 'zcast-history-record', basename(alive.folder)]))
  })

  test('of a recorder that was killed is kept for a day after the same recording finds it, and said', async () => {
    const parent = join(folder(), 'left')
    await mkdir(parent)
    const path = await leave(parent, 'aaaaaa', { owner: 'fall.mcap' })
    // However old it is.
    const friday = new Date(Date.now() - 70 * 3_600_000)
    await utimes(join(path, 'light-1.mcap'), friday, friday)
    for (const other of ['rise.mcap', undefined]) {
      expect(await openedBeside(parent, other)).toEqual(['aaaaaa'])
      expect(told).toEqual([])
    }
    expect(await openedBeside(parent, 'fall.mcap')).toEqual(['aaaaaa'])
    expect(told).toEqual([
      expect.stringMatching(/^the recorder of fall.mcap was killed, .*zcast-history-aaaaaa/),
    ])
    const dies = (): Promise<string> => leave(parent, 'aaaaaa', { owner: 'fall.mcap' })
    await dies()
    await writeFile(join(path, 'found'), String(Date.now() - 23 * 3_600_000))
    expect(await openedBeside(parent, 'fall.mcap')).toEqual(['aaaaaa'])
    await dies()
    await writeFile(join(path, 'found'), String(Date.now() - 25 * 3_600_000))
    expect(await openedBeside(parent, 'rise.mcap')).toEqual(['aaaaaa'])
    expect(await openedBeside(parent, 'fall.mcap')).toEqual([])
  })

  test('of the incident outlasts those of a recorder that dies again and again', async () => {
    const parent = join(folder(), 'again')
    await mkdir(parent)
    await leave(parent, 'moment', { owner: 'fall.mcap', bytes: 1000 })
    expect(await openedBeside(parent, 'fall.mcap')).toEqual(['moment'])
    for (const name of ['again1', 'again2', 'again3', 'again4', 'again5']) {
      await leave(parent, name, { owner: 'fall.mcap' })
      const names = await openedBeside(parent, 'fall.mcap')
      expect(names).toEqual(expect.arrayContaining([name, 'moment']))
      expect(names.length).toBeLessThanOrEqual(3)
    }
  })

  test('of a recording that is named after the time is known again', async () => {
    const parent = join(folder(), 'timed')
    await mkdir(parent)
    const path = await leave(parent, 'timed1', { owner: 'zcast-2026-08-04T15-47-01Z.mcap' })
    await writeFile(join(path, 'found'), '1000')
    expect(await openedBeside(parent, 'fall-2026-08-05.mcap')).toEqual(['timed1'])
    expect(await openedBeside(parent, 'zcast-2026-08-06T10-00-00Z.mcap')).toEqual([])
  })

  test('that cannot be looked at is left', async () => {
    const parent = join(folder(), 'unreadable')
    await mkdir(parent)
    const path = await leave(parent, 'broken', { owner: 'fall.mcap' })
    await writeFile(join(path, 'found'), '1000')
    await rm(join(path, 'owner'))
    await mkdir(join(path, 'owner'))
    expect(await openedBeside(parent, 'fall.mcap')).toEqual(['broken'])
  })

  test('of somebody else that is named alike is left alone, also when it is old', async () => {
    const others = ['backup', 'empty1', 'nested']
    for (const name of others) await mkdir(join(folder(), `zcast-history-${name}`))
    const backup = join(folder(), 'zcast-history-backup')
    await writeFile(join(backup, 'light-1.mcap'), 'x')
    await writeFile(join(backup, 'notes.txt'), 'mine')
    await mkdir(join(folder(), 'zcast-history-nested', 'light-1.mcap'))
    const old = new Date(Date.now() - 3_600_000)
    for (const name of others) await utimes(join(folder(), `zcast-history-${name}`), old, old)
    await openRing()
    expect(await readdir(folder())).toEqual(
      expect.arrayContaining(others.map((name) => `zcast-history-${name}`)),
    )
    expect(await readFile(join(backup, 'notes.txt'), 'utf8')).toBe('mine')
  })

  test('that is taken away is told once', async () => {
    const log = new RecordingLog()
    const ring = await openRing({ log })
    const sink = await openSink(ring)
    await rm(ring.folder, { recursive: true })
    for (let seq = 0; seq < 3; seq++) {
      await sink.write(numbersEnvelope(seq))
      await ring.flush()
    }
    expect(log.lines).toEqual([expect.stringContaining('cannot be written')])
  })
})

test('the value that held when its oldest value came is known after it is forgotten', async () => {
  const now = performance.now.bind(performance)
  let ahead = 0
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + ahead)
  try {
    const ring = await openRing({ seconds: 10 })
    const sink = await openSink(ring)
    const come = async (...envelopes: readonly Envelope[]): Promise<void> => {
      for (const envelope of envelopes) await sink.write(envelope)
      await ring.flush()
    }
    const topic = 'numbers/setting'
    await come(rowsEnvelope(3, 2, { topic }), picture(1, 'video/map', SMALL))
    ahead = 5000
    await come(numbersEnvelope(0), picture(2, 'video/map', SMALL))
    ahead = 40_000
    await come(numbersEnvelope(1), picture(3, 'video/map', SMALL))
    ahead = 41_000
    // It is forgotten, and comes again.
    await come(numbersEnvelope(2), rowsEnvelope(5, 1, { topic }), picture(4, 'video/map', SMALL))
    const from = (ring.from as number) + 0.5
    expect(from).toBeGreaterThan((ring.to as number) - 2)
    expect(await ring.latest(topic, from)).toMatchObject({
      isRetained: true,
      envelope: { block: { seq: 4, rows: 1 } },
    })
    expect(await ring.latest('video/map', (ring.from as number) - 1)).toMatchObject({
      envelope: { block: { seq: 2 } },
    })
    expect(await ring.latest(topic, from - 100)).toBeUndefined()
    expect((await ring.latest(topic, Infinity))?.envelope.block.seq).toBe(5)
    const path = join(folder(), 'held.mcap')
    await ring.save(path, { from })
    await using saved = await Recording.open(path)
    expect(await saved.latest(topic, from)).toMatchObject({ envelope: { block: { seq: 4 } } })
    expect(seqs(await collect(saved.blocks({ topics: [topic] })))).toEqual([5])
  } finally {
    clock.mockRestore()
  }
})

test.each([
  [{ seconds: 0 }, 'more than 0'],
  [{ bytes: 1000 }, '1 MiB'],
])('options such as %j are refused', async (options, sentence) => {
  await expect(openRing(options)).rejects.toMatchObject({
    code: 'ERR_OPTION',
    message: expect.stringContaining(sentence),
  })
})

test('a selection is saved as a whole file, with its times, numbers, losses, lines and counts', async () => {
  const ring = await openRing()
  const sink = await openSink(ring)
  await sink.write(numbersEnvelope(1))
  await ring.flush()
  const from = (ring.to ?? 0) + 1e-6
  await sink.write(rowsEnvelope(5, 4))
  await sink.write(frameEnvelope(3, { epoch: 9 }))
  ring.addLine('12 - 2026-08-04T15:47:01.250+00:00 - ERROR - publisher: it is hot')
  await sink.write(rowsEnvelope(11, 2))
  const path = join(folder(), 'moment.mcap')
  const { bytes } = await ring.save(path, { from })
  await using saved = await Recording.open(path)
  expect(saved).toMatchObject({ isWhole: true, bytes })
  expect(await collect(saved.losses())).toEqual(await collect(ring.losses({ from })))
  expect(await collect(saved.losses())).toMatchObject([
    { first: 2, count: 3 },
    { first: 9, count: 2 },
  ])
  expect(await collect(saved.lines())).toEqual(await collect(ring.lines()))
  const topic = 'numbers/random'
  expect(await saved.accounts()).toMatchObject([
    { topic, epoch: 1, first: 2, last: 12, received: 6, lost: 5, unwritten: 0 },
    { topic: 'video/main', epoch: 9, first: 3, last: 3, received: 1, lost: 0 },
  ])
  const copy = join(folder(), 'copy.mcap')
  await saveSelection(saved, copy, { topics: [topic] })
  await using copied = await Recording.open(copy)
  const values = await collect(copied.blocks())
  expect(values).toEqual(await collect(ring.blocks({ topics: [topic], from })))
  await expect(ring.save(path)).rejects.toMatchObject({ code: 'ERR_OPTION' })
})

test('pictures that a subscription skipped for newer ones are not counted as lost in a selection', async () => {
  const ring = await openRing()
  const statistics = new Statistics()
  const sink = await openSink(ring, { statistics })
  const { sequence } = statistics.topic('video/main')
  const write = async (seq: number): Promise<void> => {
    await sink.write(frameEnvelope(seq))
    await ring.flush()
  }
  // 6 is lost, which is told with the first gap; the others come, and 1, 3, 9 and 12 are shown.
  for (let seq = 1; seq <= 12; seq++) if (seq !== 6) sequence.accept(1, seq, 1)
  for (const seq of [1, 3]) await write(seq)
  const from = (ring.to ?? 0) + 1e-6
  for (const seq of [9, 12]) await write(seq)
  const accounts: unknown[] = []
  for (const [name, range] of [
    ['all.mcap', {}],
    ['part.mcap', { from }],
  ] as const) {
    const path = join(folder(), name)
    await ring.save(path, range)
    await using saved = await Recording.open(path)
    accounts.push(...(await saved.accounts()))
    // A selection of the file says the same of it.
    await saveSelection(saved, join(folder(), `copy-${name}`))
    await using copy = await Recording.open(join(folder(), `copy-${name}`))
    expect(await copy.accounts()).toEqual(await saved.accounts())
  }
  expect(accounts).toMatchObject([
    { first: 1, last: 12, received: 11, lost: 1, unwritten: 7 },
    { first: 9, last: 12, received: 4, lost: 0, unwritten: 2 },
  ])
})

test('a selection that is given up leaves no file', async () => {
  const ring = await openRing()
  await (await openSink(ring)).write(numbersEnvelope(1))
  const path = join(folder(), 'none.mcap')
  const signal = AbortSignal.abort()
  await expect(ring.save(path, { signal })).rejects.toBe(signal.reason)
  expect(await readdir(folder())).not.toContain('none.mcap')
})
