import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { Recording } from '@zcast/recording'
import { sequenceNumbers } from '@zcast/testing/streams/sequence-numbers'
import { ForeignPublisher } from '../support/foreign-publisher.ts'
import { numbersMessage } from '../support/messages.ts'
import type { Program } from '../support/program.ts'
import { useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

async function untilTrue(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20))
}

async function seqsOf(path: string, topic: string): Promise<readonly number[]> {
  await using recording = await Recording.open(path)
  const seqs: number[] = []
  for await (const { envelope } of recording.blocks({ topics: [topic] }))
    seqs.push(...sequenceNumbers(envelope.block))
  return seqs
}

test('a recording of a publisher with a gap tells of it, and holds the rest', async () => {
  await using publisher = await ForeignPublisher.open()
  const path = bench.path('gap.mcap')
  const recorder = bench.start([
    'record',
    path,
    '--connect',
    publisher.endpoint,
    '--topic',
    'numbers/',
    '--messages',
    4,
  ])
  await publisher.subscribed
  for (const seq of [0, 1, 2, 5]) await publisher.send(...numbersMessage(seq, [seq, -0.5]))
  const { status, stderr } = await recorder.ended
  expect({ status, stderr }).toMatchObject({ status: 0 })
  expect(stderr.at(-1)).toMatch(/gap\.mcap: \d+ s, 1 topic, 4 values, .*, lost 2$/)

  expect(await seqsOf(path, 'numbers/random')).toEqual([0, 1, 2, 5])
  const { stdout } = await bench.run(['info', path, '--json'])
  expect(JSON.parse(stdout[0] ?? '')).toMatchObject({
    isWhole: true,
    topics: [{ topic: 'numbers/random', messages: 4, lost: 2 }],
    gaps: [{ topic: 'numbers/random', first: 3, count: 2 }],
  })
  expect((await bench.run(['info', path])).stdout).toEqual(
    expect.arrayContaining([expect.stringMatching(/^\S+Z {2}numbers\/random #3 to #4$/)]),
  )
})

async function linesOf(path: string): Promise<readonly string[]> {
  await using recording = await Recording.open(path)
  const lines: string[] = []
  for await (const { line } of recording.lines()) lines.push(line)
  return lines
}

test('a recorder that is killed leaves all but the last second, with its log, which is read at once and mended', async () => {
  await using publisher = await ForeignPublisher.open()
  const path = bench.path('killed.mcap')
  const recorder = bench.start(['record', path, '--connect', publisher.endpoint, '--topic', 'numbers/'])
  await publisher.subscribed
  await recorder.stderr.find(/recording to /)
  for (let seq = 0; seq < 100; seq++) await publisher.send(...numbersMessage(seq, [seq]))
  // The header alone has 30 bytes.
  await untilTrue(() => statSync(path).size > 100)
  // What it says in its error log is in the file, too.
  await publisher.send('numbers/random', 'rubbish')
  let lines: readonly string[] = []
  while (lines.length === 0) lines = await linesOf(path)
  expect(bench.logLines()).toEqual(expect.arrayContaining([...lines]))
  await publisher.send(...numbersMessage(100, [100]))
  await recorder.stop('SIGKILL')

  const seqs = await seqsOf(path, 'numbers/random')
  expect(seqs.length).toBeGreaterThan(0)
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, seq) => seq))
  expect((await bench.run(['info', path])).stdout[0]).toMatch(/cut short, .*zcast recover repairs it$/)
  const { status, stdout } = await bench.run(['recover', path])
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: [expect.stringMatching(/killed-recovered\.mcap$/)],
  })
  const recovered = bench.path('killed-recovered.mcap')
  expect((await bench.run(['info', recovered])).stdout[0]).toMatch(/, whole by its index$/)
  expect((await bench.run(['recover', recovered])).stderr).toEqual([
    `${recovered} is whole: there is nothing to repair`,
  ])
  expect(await seqsOf(recovered, 'numbers/random')).toEqual(seqs)
  expect(await linesOf(recovered)).toEqual(lines)
})

test('a file that exists is not written over, and one that is none is refused, each in one sentence', async () => {
  const path = bench.path('other.mcap')
  const made = await bench.run(['record', path, '--connect', 'tcp://127.0.0.1:1', '--for', '10ms'])
  expect(made.status).toBe(0)
  expect(made.stderr).toEqual(expect.arrayContaining([expect.stringMatching(/warning: nothing came: /)]))
  const again = await bench.run(['record', path])
  expect(again).toMatchObject({ status: 2, stderr: [expect.stringMatching(/exists already: /)] })
  for (const verb of ['info', 'recover']) {
    const refused = await bench.run([verb, process.execPath])
    expect(refused).toMatchObject({ status: 1, stderr: [expect.stringMatching(/is not an MCAP file/)] })
    expect(await bench.run([verb])).toMatchObject({ status: 2 })
  }
})

test('what came before a signal is kept in a file of its own, and what comes until the next', async () => {
  await using publisher = await ForeignPublisher.open()
  const path = bench.path('moment.mcap')
  const recorder = bench.start(['record', path, '--connect', publisher.endpoint, '--pre', '10m', '--json'])
  await publisher.subscribed
  await recorder.stderr.find(/each time SIGUSR1 comes/)
  for (const seq of [0, 1, 4]) await publisher.send(...numbersMessage(seq, [seq]))
  await recorder.stdout.find(/"topics":1/)
  recorder.kill('SIGUSR1')
  await recorder.stdout.find(/"begin","path":".*moment-0001\.mcap"/)
  recorder.kill('SIGUSR1')
  await recorder.stdout.find(/"end","path":".*moment-0001\.mcap"/)
  expect(await recorder.stop()).toMatchObject({ status: 0 })
  const seqs = await seqsOf(bench.path('moment-0001.mcap'), 'numbers/random')
  expect(seqs.length).toBeGreaterThan(0)
  expect(seqs).toEqual([0, 1, 4].slice(0, seqs.length))
})

test('what a killed recorder kept before a trigger can be read, and the next says where it is', async () => {
  await using publisher = await ForeignPublisher.open()
  const start = (): Program =>
    bench.start(['record', bench.path('a.mcap'), '--connect', publisher.endpoint, '--pre', '10m', '--json'])
  const killed = start()
  await publisher.subscribed
  await killed.stderr.find(/each time SIGUSR1 comes/)
  for (const seq of [0, 1, 4]) await publisher.send(...numbersMessage(seq, [seq]))
  const ring = readdirSync(bench.folder).find((name) => name.startsWith('zcast-history-')) ?? ''
  const segment = bench.path(join(ring, 'light-1.mcap'))
  await untilTrue(() => existsSync(segment) && statSync(segment).size > 100)
  await killed.stop('SIGKILL')
  const kept = await seqsOf(bench.path(ring), 'numbers/random')
  expect(kept.length).toBeGreaterThan(0)
  expect(kept).toEqual([0, 1, 4].slice(0, kept.length))

  const next = start()
  await next.stderr.find(new RegExp(`warning: .*the recorder of a.mcap was killed, .*${ring}`))
  expect(await next.stop()).toMatchObject({ status: 0 })
  expect(readdirSync(bench.folder).filter((name) => name.startsWith('zcast-history-'))).toEqual([ring])
})

test('messages of other programs are recorded as they are', async () => {
  await using publisher = await ForeignPublisher.open()
  const path = bench.path('raw.mcap')
  const args = [
    'record',
    path,
    '--connect',
    publisher.endpoint,
    '--format',
    'raw',
    '--split',
    '1G',
    '--messages',
    2,
  ]
  const recorder = bench.start(args)
  await publisher.subscribed
  await publisher.send('depth/cam', Uint8Array.of(0, 1), '')
  await publisher.send('alone')
  expect((await recorder.ended).status).toBe(0)
  await using recording = await Recording.open(bench.path('raw-0001.mcap'))
  expect(recording.topics()).toEqual([
    { topic: 'depth/cam', schema: '', messages: 1 },
    { topic: 'raw', schema: '', messages: 1 },
  ])
})

test.each([
  [['--pre', '1s', '--when', 'numbers/imu.az 20'], /a comparison is missing at character 18/],
  [['--keep', '4G', '--split', '3G'], /two files or more/],
  [['--format', 'raw', '--pre', '1s', '--when', 'numbers/a[0] > 1'], /no values.*cannot be used with when/],
])('options such as %j are refused before anything opens', async (args, sentence) => {
  const refused = await bench.run(['record', bench.path('none.mcap'), ...args])
  expect(refused).toMatchObject({ status: 2, stderr: [expect.stringMatching(sentence)] })
})
