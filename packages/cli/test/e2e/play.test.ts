import { createHash } from 'node:crypto'
import { mkdir, open, stat, truncate, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { Recorder, Recording } from '@zcast/recording'
import type { Block, Envelope, Frame, SoundBlock } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'
import { Pty, whyNoPty } from '@zcast/testing/machine/pty'
import { findPython } from '@zcast/testing/machine/python'
import { beepsOf, flashAndBeep, flashesOf } from '../../../room/test/support/flash-and-beep.ts'
import { Visit } from '../../../room/test/support/visit.ts'
import { greyPicture } from '../support/messages.ts'
import type { Program } from '../support/program.ts'
import { SUMMARY, useWorkbench, ZCAST } from '../support/zcast.ts'

const bench = useWorkbench()
const python = findPython('zmq, msgpack')
/** So often what was recorded is looked at. */
const LOOK_AGAIN_MS = 300
const ANYWHERE = ['--bind', 'tcp://127.0.0.1:*']

/** A program of others that publishes arrays with gaps, and pictures that differ in a comment. */
const PUBLISHER = `
import sys, time, zmq, msgpack
socket = zmq.Context().socket(zmq.XPUB)
socket.bind("tcp://127.0.0.1:*")
print(socket.getsockopt(zmq.LAST_ENDPOINT).decode(), flush=True)
jpeg = open(sys.argv[1], "rb").read()
wanted = set()
while wanted != {b"\\x01numbers/", b"\\x01video/"}:
    wanted.add(socket.recv())
def send(topic, seq, more, *data):
    header = {"v": 1, "epoch": 7, "seq": seq, "time": 1700000000.25 + seq / 64, **more}
    socket.send_multipart([topic, msgpack.packb(header), *data])
for seq in range(100000):
    if seq % 50 not in (7, 8, 31):
        send(b"numbers/imu", seq, {"values": [seq, -seq / 8]})
    if seq % 4 == 0 and seq % 40 != 20:
        picture = jpeg[:2] + b"\\xff\\xfe\\x00\\x08" + b"%06d" % seq + jpeg[2:]
        send(b"video/cam", seq // 4, {"width": 32, "height": 16, "format": "jpeg"}, picture)
    if seq == 400: print("enough", flush=True)
    time.sleep(0.001 if seq < 400 else 0.02)
`

/** Prints what comes, until nothing has come for two seconds. */
const RECEIVER = `
import sys, zmq, msgpack, hashlib, json
socket = zmq.Context().socket(zmq.SUB)
socket.setsockopt(zmq.RCVHWM, 0)
socket.connect(sys.argv[1])
socket.subscribe(b"")
while True:
    message = socket.recv_multipart()
    if not message[0].startswith((b"numbers/", b"video/")): continue
    header = msgpack.unpackb(message[1])
    if "values" not in header and "rows" in header: raise SystemExit("rows that were not a batch")
    digest = hashlib.sha1(b"".join(message[2:])).hexdigest()
    print(json.dumps([message[0].decode(), header["epoch"], header["seq"], header["time"], header.get("values"), digest]), flush=True)
    socket.setsockopt(zmq.RCVTIMEO, 2000)
`

async function endpointOf(player: Program): Promise<string> {
  const [, endpoint] = await player.stderr.find(/playing \S+ on (\S+)$/)
  return endpoint as string
}

function lineOf({ topic, epoch, block }: Envelope): readonly unknown[] {
  const values = block.kind === 'numbers' ? [...block.data] : null
  const attached = block.kind === 'numbers' ? Buffer.alloc(0) : block.data
  const digest = createHash('sha1').update(attached).digest('hex')
  return [topic, epoch, block.seq, block.time, values, digest]
}

/** Reads a recording, which may still grow. */
async function readAll(path: string): Promise<Envelope[]> {
  await using recording = await Recording.open(path)
  const all: Envelope[] = []
  for await (const { envelope } of recording.blocks({ joinSeconds: 0 })) all.push(envelope)
  return all
}

/** The arrays of numbers, each with its number before it. */
function valuesOf(envelopes: readonly Envelope[]): readonly (readonly number[])[] {
  return envelopes.flatMap(({ block }) =>
    block.kind === 'numbers' ? [[block.seq ?? -1, ...block.data]] : [],
  )
}

python.describe('a recording of a foreign publisher that lost values', () => {
  test('which was killed and recovered is played as recorded: value for value, and with the same accounts', async () => {
    const jpeg = bench.path('grey.jpg')
    await writeFile(jpeg, await greyPicture(32, 16, 100))
    const publisher = bench.launch(python.path as string, ['-c', PUBLISHER, jpeg])
    const [endpoint] = await publisher.stdout.atLeast(1)
    const path = bench.path('killed.mcap')
    const topics = ['--topic', 'numbers/', '--topic', 'video/']
    const recorder = bench.start(['record', path, '--connect', endpoint as string, ...topics])
    await publisher.stdout.find(/^enough$/)
    while (valuesOf(await readAll(path)).length < 300) await delay(50)
    await recorder.stop('SIGKILL')
    await publisher.stop('SIGKILL')
    expect((await bench.run(['recover', path])).status).toBe(0)

    const recovered = bench.path('killed-recovered.mcap')
    const recorded = await readAll(recovered)
    const arrays = valuesOf(recorded)
    const last = arrays.at(-1)?.[0] ?? 0
    const sent = Array.from({ length: last + 1 }, (_, seq) => seq).filter(
      (seq) => ![7, 8, 31].includes(seq % 50),
    )
    expect(arrays).toEqual(sent.map((seq) => [seq, seq, seq === 0 ? 0 : -seq / 8]))

    const player = bench.start([
      'play',
      recovered,
      ...ANYWHERE,
      '--as-recorded',
      '--speed',
      'max',
      '--wait-for',
      2,
    ])
    const at = await endpointOf(player)
    const receiver = bench.launch(python.path as string, ['-c', RECEIVER, at])
    const client = bench.start([
      'client',
      3,
      '--connect',
      at,
      '--topic',
      'numbers/imu',
      '--messages',
      arrays.length,
    ])
    expect(await player.ended).toMatchObject({ status: 0 })
    const lines = (await receiver.ended).stdout.map((line) => JSON.parse(line) as readonly unknown[])
    for (const topic of ['numbers/imu', 'video/cam'])
      expect(lines.filter(([name]) => name === topic)).toEqual(
        recorded.filter((envelope) => envelope.topic === topic).map(lineOf),
      )
    const [, received, lost] = SUMMARY.exec((await client.ended).stderr.at(-1) as string) as RegExpExecArray
    const { topics: figures } = JSON.parse(
      (await bench.run(['info', recovered, '--json'])).stdout[0] as string,
    ) as {
      topics: readonly { topic: string; messages: number; lost: number }[]
    }
    const told = figures.find(({ topic }) => topic === 'numbers/imu')
    expect([Number(received), Number(lost)]).toEqual([told?.messages, told?.lost])
  })
})

/** A recording of 30 pictures and 30 arrays, in 0.6 s or more. */
async function record(path: string): Promise<void> {
  const recorder = new Recorder({ path })
  await recorder.open()
  const data = await greyPicture(32, 16, 100)
  for (let seq = 0; seq < 30; seq++) {
    const time = Date.now() / 1000
    const picture = { kind: 'video', seq, time, width: 32, height: 16, format: 'jpeg', data } as const
    const numbers = { kind: 'numbers', seq, time, rows: 1, columns: 1, data: Float64Array.of(seq) } as const
    await recorder.write({ topic: 'video/cam', epoch: 1, block: picture })
    await recorder.write({ topic: 'numbers/a', epoch: 1, block: numbers })
    await delay(20)
  }
  await recorder.close()
}

test('what cannot be played is said in one sentence, and a file that was cut short is played as far as it goes', async () => {
  const path = bench.path('cut.mcap')
  await record(path)
  const missing = await bench.run(['play', path, ...ANYWHERE, '--topic', 'audio/'])
  expect(missing).toMatchObject({
    status: 2,
    stderr: [expect.stringMatching(/cut\.mcap has no topic audio\/: it has numbers\/a, video\/cam/)],
  })
  await truncate(path, (await stat(path)).size - 200)
  const { status, stderr } = await bench.run(['play', path, ...ANYWHERE, '--speed', 'max', '--wait-for', 0])
  expect({ status, stderr }).toMatchObject({ status: 0 })
  expect(stderr).toContainEqual(
    expect.stringMatching(/cut\.mcap was cut short: it is played up to its last whole chunk$/),
  )
  await (await open(path, 'w')).close()
  expect(await bench.run(['play', path])).toMatchObject({
    status: 1,
    stderr: [expect.stringMatching(/is empty/)],
  })
})

const reason = whyNoPty()
if (reason !== undefined) console.log(`tests in a terminal are skipped: ${reason}`)

;(reason === undefined ? describe : describe.skip)('in a terminal', () => {
  test('keys step, go about and quit, and the bar shows where it is', async () => {
    const path = bench.path('keys.mcap')
    await record(path)
    const command = [
      process.execPath,
      ZCAST,
      'play',
      path,
      ...ANYWHERE,
      '--step',
      '--log-dir',
      bench.logFolder,
    ]
    const pty = new Pty({ columns: 100, rows: 16 }, command, { TERM: 'xterm-256color' })
    try {
      await pty.shows(({ text }) => text.includes('paused') && /0:00\.0 of \d:\d\d\.\d at 1x/.test(text))
      pty.type('\u001b[C')
      await pty.shows(({ text }) => text.includes('█') && !text.includes('·'))
      pty.type('\u001b[H')
      await pty.shows(({ text }) => text.includes('0:00.0 of ') && !text.includes('█'))
      pty.type('+')
      await pty.shows(({ text }) => text.includes('at 2x'))
      for (let step = 0; step < 15; step++) pty.type(' ')
      await pty.shows(({ text }) => text.includes('█') && text.includes('·'))
      pty.type('q')
      expect(await pty.exited).toMatchObject({ code: 0, restored: true })
    } finally {
      await pty.close()
    }
  })
})

/** How much later than a flash each beep comes that has one. */
async function stepsOf(blocks: readonly Block[]): Promise<readonly number[]> {
  const flashes = await flashesOf(
    blocks.filter((block): block is Frame => block.kind === 'video'),
    0,
  )
  const beeps = beepsOf(
    blocks.filter((block): block is SoundBlock => block.kind === 'audio'),
    0,
  )
  return flashes.flatMap((flash) =>
    beeps.filter((beep) => Math.abs(beep - flash) < 0.5).map((beep) => beep - flash),
  )
}

function wordsOf(blocks: readonly Block[]): readonly string[] {
  return blocks.flatMap((block) => (block.kind === 'chat' ? [Buffer.from(block.data).toString()] : []))
}

describe('a room', () => {
  test('is recorded and played again: its film with the sound in step, what was written and what was said', async () => {
    await mkdir(bench.path('films'))
    await flashAndBeep(bench.path('films/film.mp4'))
    const places = ['--folder', bench.path('films'), '--data', bench.path('room'), '--cache', 'off']
    const room = bench.start(['room', ...places, '--port', 0, ...ANYWHERE])
    const [, endpoint] = await room.stderr.find(/topics of the room on (\S+)$/)
    const [, address] = await room.stdout.find(/^watch at (\S+)$/)
    const path = bench.path('evening.mcap')
    const recorder = bench.start(['record', path, '--connect', endpoint as string])
    await recorder.stderr.find(/recording to /)
    const ann = await Visit.join(address as string, 'ann')
    const { films } = await ann.next((message) => JSON.stringify(message['films'] ?? '').includes('"film"'))
    ann.say({ type: 'air', film: (films as readonly { readonly id: string }[])[0]?.id })
    await ann.until('screen', ({ screen }) => (screen as { isPlaying: boolean }).isPlaying)
    const recorded = async (): Promise<readonly Block[]> => (await readAll(path)).map(({ block }) => block)
    // Of what comes first, whoever receives it may miss a part.
    while ((await stepsOf(await recorded())).length < 3) await delay(LOOK_AGAIN_MS)
    ann.say({ type: 'say', text: 'look at this' })
    while (!wordsOf(await recorded()).includes('look at this')) await delay(LOOK_AGAIN_MS)
    await recorder.stop()
    ann.close()
    await room.stop('SIGTERM')

    const begunAt = Date.now() / 1000
    // Of pictures that need not be waited for, a busy machine leaves out some.
    const player = bench.start(['play', path, ...ANYWHERE, '--wait-for', 1, '--delivery', 'all'])
    const connect = await endpointOf(player)
    const topics = ['video/', 'audio/', 'chat/']
    await using subscriber = await Subscriber.open({ connect, topics, delivery: 'all' })
    const blocks: Block[] = []
    const ended = new AbortController()
    void player.ended.then(() => setTimeout(() => ended.abort(), 500))
    const write = ({ block }: Envelope): void => void blocks.push(block)
    await subscriber.run({ open: async () => {}, write, close: async () => {} }, { signal: ended.signal })

    const pictures = blocks.filter(({ kind }) => kind === 'video')
    expect(pictures.every(({ time }) => time > begunAt - 1)).toBe(true)
    const steps = await stepsOf(blocks)
    expect(steps.length).toBeGreaterThan(0)
    for (const step of steps) expect(Math.abs(step)).toBeLessThanOrEqual(0.041)
    expect(wordsOf(blocks)).toContain('look at this')
  })
})
