import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { findFfmpeg } from '@zcast/media'
import type { Room } from '@zcast/room'
import type { Envelope } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'
import { findPython } from '@zcast/testing/machine/python'
import { until } from '@zcast/testing/waiting/until'
import { amplitudeOf } from '../../support/pitch.ts'
import { type Entered, useRooms } from '../../support/use-rooms.ts'

const OLD_CLIENT = fileURLToPath(new URL('../../support/old-voice-client.py', import.meta.url))
const python = findPython('json')
const { closeAfter, enter: enterAt, folder, open: openRoom } = useRooms({ echoDelaySeconds: 1 })

const enter = (room: Room, name: string): Promise<Entered> => enterAt(room.address, name)

/** A tone, as some browser would record it: a second of it, unless it is said. */
async function record(
  hertz: number,
  name: string,
  encoding: readonly string[] = [],
  seconds = 1,
): Promise<Buffer> {
  const { path } = await findFfmpeg()
  const file = join(folder(), name)
  const input = ['-f', 'lavfi', '-i', `sine=frequency=${hertz}:duration=${seconds}`, '-af', 'volume=6']
  const { status, stderr } = spawnSync(path, ['-y', ...input, ...encoding, file])
  if (status !== 0) throw new Error(String(stderr))
  return readFile(file)
}

function send(room: Room, { key }: Entered, recording: Uint8Array): Promise<Response> {
  return fetch(`${room.address}/voices`, {
    method: 'POST',
    body: new Uint8Array(recording),
    headers: { 'zcast-guest': key },
  })
}

/**
 * Listens to `voice/main` from now on.
 *
 * @returns Waits until so many samples were heard.
 */
async function listen(room: Room): Promise<(samples: number) => Promise<Int16Array>> {
  const [endpoint = ''] = room.endpoints
  const subscriber = await Subscriber.open({ connect: endpoint, topics: ['voice/main'] })
  closeAfter(subscriber)
  const blocks: Uint8Array[] = []
  const ended = new AbortController()
  const sink = {
    open: async () => {},
    write: ({ block }: Envelope) => void (block.kind === 'voice' && blocks.push(block.data)),
    close: async () => {},
  }
  const running = subscriber.run(sink, { signal: ended.signal })
  await until(() => subscriber.state === 'live')
  return async (samples) => {
    await until(() => blocks.reduce((sum, { length }) => sum + length / 2, 0) >= samples)
    ended.abort()
    await running
    const bytes = Buffer.concat(blocks)
    return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  }
}

describe('a recording that a guest sends', () => {
  test.each([
    ['webm with Opus, of Chromium', 'a.webm', ['-c:a', 'libopus', '-ar', '48000']],
    ['ogg with Opus, of Firefox', 'a.ogg', ['-c:a', 'libopus', '-ar', '48000']],
    ['mp4 with AAC, of Safari', 'a.mp4', ['-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov']],
    ['WAV', 'a.wav', []],
  ])('is heard by all when it is %s, and its page fetches it as AAC', async (_title, name, encoding) => {
    const room = await openRoom()
    const [ann, ben] = await Promise.all([enter(room, 'ann'), enter(room, 'ben')])
    const heard = await listen(room)
    const answer = await send(room, ann, await record(440, name, encoding))
    expect(answer.status).toBe(201)
    const clip = (await answer.json()) as { id: string; seconds: number }
    expect(clip.seconds).toBeCloseTo(1, 1)
    const told = []
    for (const state of ['waits', 'speaks', 'ended'])
      told.push(await ben.visit.until('voice', (message) => message['state'] === state))
    expect(told).toMatchObject([{ clip: { name: 'ann', id: clip.id } }, { clip: { name: 'ann' } }, {}])
    const kept = await fetch(`${room.address}/voices/${clip.id}.m4a`)
    expect(kept.headers.get('content-type')).toBe('audio/mp4')
    expect(
      Buffer.from(await kept.arrayBuffer())
        .subarray(4, 8)
        .toString(),
    ).toBe('ftyp')
    const samples = await heard(43_200)
    expect(amplitudeOf(440, samples.subarray(4800, 43_200), 48_000)).toBeGreaterThan(5000)
  })

  test('is mixed with another one without either being cut off', async () => {
    const room = await openRoom({ echoDelaySeconds: 1.5 })
    const [ann, ben] = await Promise.all([enter(room, 'ann'), enter(room, 'ben')])
    const heard = await listen(room)
    const recordings = [await record(440, 'a.wav', [], 2), await record(1000, 'b.wav', [], 2)] as const
    const answers = await Promise.all([send(room, ann, recordings[0]), send(room, ben, recordings[1])])
    const clips = (await Promise.all(answers.map((answer) => answer.json()))) as { time: number }[]
    const [first = 0, second = 0] = clips.map(({ time }) => time).toSorted((one, other) => one - other)
    const samples = await heard(48_000 * 2)
    const together = samples.subarray(Math.ceil((second - first) * 48_000) + 4800, 48_000 * 2 - 4800)
    expect(together.length).toBeGreaterThan(9600)
    for (const hertz of [440, 1000]) expect(amplitudeOf(hertz, together, 48_000)).toBeGreaterThan(4000)
    expect(amplitudeOf(700, together, 48_000)).toBeLessThan(300)
    for (const sample of samples) expect(Math.abs(sample)).toBeLessThan(32_600)
  })

  test('is refused in a sentence when it is no sound, too large, or nobody in the room has sent it', async () => {
    const room = await openRoom()
    const ann = await enter(room, 'ann')
    const rubbish = await send(room, ann, Buffer.from('x'.repeat(5000)))
    expect([rubbish.status, await rubbish.text()]).toEqual([
      415,
      expect.stringMatching(/^this recording cannot be heard/),
    ])
    const list = await send(room, ann, Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:1\n/etc/passwd\n'))
    expect([list.status, await list.text()]).toEqual([415, expect.not.stringContaining(folder())])
    const large = await send(room, ann, Buffer.alloc(13 * 1024 * 1024))
    expect(large.status).toBe(413)
    expect((await send(room, { ...ann, key: 'nobody' }, Buffer.from('x'))).status).toBe(403)
    expect((await fetch(`${room.address}/voices/..%2fguest.m4a`)).status).toBe(404)
    expect(await readdir(join(folder(), 'voices'))).toEqual([])
  })

  test('has to wait while three of the same guest are still to be heard', async () => {
    const room = await openRoom({ echoDelaySeconds: 30 })
    const ann = await enter(room, 'ann')
    const recording = await record(440, 'a.wav')
    for (let count = 0; count < 3; count++) expect((await send(room, ann, recording)).status).toBe(201)
    expect((await send(room, ann, recording)).status).toBe(429)
  })

  test('ends after a minute, however long it is', async () => {
    const room = await openRoom({ echoDelaySeconds: 30 })
    const ann = await enter(room, 'ann')
    const { path } = await findFfmpeg()
    const file = join(folder(), 'long.ogg')
    spawnSync(path, ['-y', '-f', 'lavfi', '-i', 'sine=duration=90', '-c:a', 'libopus', '-b:a', '16k', file])
    const clip = (await (await send(room, ann, await readFile(file))).json()) as { seconds: number }
    expect(clip.seconds).toBe(60)
  })
})

python.describe('the old voice programs', () => {
  function start(
    port: number,
    ...args: readonly string[]
  ): { lines: AsyncIterator<string>; ended: Promise<unknown> } {
    const child = spawn(python.path as string, [OLD_CLIENT, String(port), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    closeAfter({ close: () => child.kill() })
    return {
      lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
      ended: once(child, 'exit'),
    }
  }

  test('hear themselves, each other and the page, and are heard there', async () => {
    const room = await openRoom({ echo: { port: 0 }, echoDelaySeconds: 1 })
    const ann = await enter(room, 'ann')
    const heard = await listen(room)
    const listener = start(room.echoPort ?? 0, 'old', '0', '3')
    expect((await listener.lines.next()).value).toBe('ready')
    const speaker = start(room.echoPort ?? 0, 'Zoë', '880', '2')
    expect((await speaker.lines.next()).value).toBe('ready')
    await ann.visit.until('guests', ({ guests }) => (guests as unknown[]).length === 3)
    expect((await speaker.lines.next()).value).toMatch(/^Zoë 8[78]\d$/)
    expect((await listener.lines.next()).value).toMatch(/^Zoë 8[78]\d$/)
    const samples = await heard(38_400)
    expect(amplitudeOf(880, samples.subarray(4800, 38_400), 48_000)).toBeGreaterThan(5000)
    await send(room, ann, await record(440, 'a.wav'))
    expect((await speaker.lines.next()).value).toMatch(/^ann 4[34]\d$/)
    expect((await listener.lines.next()).value).toMatch(/^ann 4[34]\d$/)
    await speaker.ended
    await ann.visit.until('guests', ({ guests }) => (guests as unknown[]).length === 2)
  })

  test('get two clips that come at once in two pieces, which they can tell apart', async () => {
    const room = await openRoom({
      echo: { port: 0, rate: 8000, channels: 1, chunk: 256 },
      echoDelaySeconds: 1.5,
    })
    const [ann, ben] = await Promise.all([enter(room, 'ann'), enter(room, 'ben')])
    const old = start(room.echoPort ?? 0, 'old', '0', '2', '8000', '1', '256')
    await old.lines.next()
    const recordings = [await record(440, 'a.wav'), await record(1000, 'b.wav')] as const
    await Promise.all([send(room, ann, recordings[0]), send(room, ben, recordings[1])])
    const said = [(await old.lines.next()).value, (await old.lines.next()).value] as string[]
    expect(said.toSorted()).toEqual([
      expect.stringMatching(/^ann 4[34]\d$/),
      expect.stringMatching(/^ben (99\d|100\d)$/),
    ])
  })
})

describe('whoever else comes to the port of old voice programs', () => {
  async function knock(port: number): Promise<Socket> {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    await once(socket, 'connect')
    closeAfter({ close: () => socket.destroy() })
    return socket
  }

  test('leaves nobody in the room when it goes while its messages wait', async () => {
    const room = await openRoom({ echo: { port: 0, rate: 8000, channels: 1 } })
    const ann = await enter(room, 'ann')
    const old = await knock(room.echoPort ?? 0)
    const samples = Buffer.alloc(8000, 1).toString('base64')
    const clip = `${JSON.stringify({ username: 'old', message: [samples], duration: 1 })}\0`
    old.end(clip + clip)
    await ann.visit.until('voice')
    ann.visit.say({ type: 'say', text: 'who is here?' })
    await ann.visit.until('chat')
    const lists = ann.visit.told.filter(({ type }) => type === 'guests')
    expect(lists.at(-1)).toMatchObject({ guests: [{ name: 'ann' }] })
  })
  /** Whether it was reset or not. */
  function closeOf(socket: Socket): Promise<unknown> {
    return new Promise((resolve) => socket.once('close', resolve))
  }

  test('is cut off when the message never ends, and does not disturb the room with rubbish', async () => {
    const log = new RecordingLog()
    const room = await openRoom({ echo: { port: 0 }, log })
    const endless = await knock(room.echoPort ?? 0)
    const ended = closeOf(endless)
    const piece = Buffer.alloc(1024 * 1024, 'A')
    for (let count = 0; count < 20; count++) endless.write(piece)
    await ended
    const rude = await knock(room.echoPort ?? 0)
    for (const text of [
      'hello',
      '[]',
      '{"username":5,"message":["!"]}',
      '{"username":"","message":["AAAA"]}',
    ])
      rude.write(`${text}\0`)
    rude.write('\0'.repeat(100))
    const ann = await enter(room, 'ann')
    ann.visit.say({ type: 'say', text: 'still here' })
    await ann.visit.until('chat')
    rude.end()
    await once(rude, 'close')
    expect(log.lines).toContainEqual(expect.stringContaining('larger than a minute of sound'))
  })
  test('cannot hold up the room with a message that takes long to read', async () => {
    const room = await openRoom({ echo: { port: 0 } })
    const ann = await enter(room, 'ann')
    const rude = await knock(room.echoPort ?? 0)
    const most = 15 * 1024 * 1024
    const messages = [
      '['.repeat(most),
      '[],'.repeat(most / 3),
      '"",'.repeat(most / 3),
      `"${' '.repeat(most)}("]}`,
    ]
    for (const message of messages) rude.write(`{"username":"eve","message":[${message}\0`)
    rude.write(Buffer.from('{"username":"eve","message":[]}\0'))
    // One of them alone took longer than any test may.
    await ann.visit.until('guests', ({ guests }) => (guests as unknown[]).length === 2)
  })

  test('makes room for others while they say nothing', async () => {
    const room = await openRoom({ echo: { port: 0 } })
    const ann = await enter(room, 'ann')
    const silent = await knock(room.echoPort ?? 0)
    const ended = closeOf(silent)
    for (let count = 0; count < 31; count++) await knock(room.echoPort ?? 0)
    const ben = await knock(room.echoPort ?? 0)
    ben.write('{"username":"ben","message":[]}\0')
    await ann.visit.until('guests', ({ guests }) => (guests as unknown[]).length === 2)
    await ended
  })

  test('cannot have much of their messages kept without an end', async () => {
    const log = new RecordingLog()
    const room = await openRoom({ echo: { port: 0 }, log })
    const many = await Promise.all(Array.from({ length: 6 }, () => knock(room.echoPort ?? 0)))
    const cut = Promise.race(many.map(closeOf))
    for (const socket of many) socket.write(Buffer.alloc(15 * 1024 * 1024, 'A'))
    await cut
    expect(log.lines).toContainEqual(expect.stringContaining('all programs together'))
  })
})

describe('recordings that do not come to an end', () => {
  test('are limited for one guest and for all, and the others speak', async () => {
    const room = await openRoom()
    const ann = await enter(room, 'ann')
    const rude = await Promise.all(Array.from({ length: 5 }, (_, index) => enter(room, `eve ${index}`)))
    const begin = ({ key }: Entered): ClientRequest => {
      const headers = { 'zcast-guest': key, 'Content-Length': '10000000' }
      const sending = request(`${room.address}/voices`, { method: 'POST', headers, agent: false })
      closeAfter({ close: () => sending.destroy() })
      sending.on('error', () => {})
      sending.write(Buffer.alloc(100_000))
      return sending
    }
    const [first] = rude as [Entered, ...Entered[]]
    const own = [begin(first), begin(first), begin(first), begin(first)]
    const [answer] = (await Promise.race(own.map((sending) => once(sending, 'response')))) as [
      IncomingMessage,
    ]
    expect(answer.statusCode).toBe(429)
    expect((await send(room, ann, await record(440, 'a.wav'))).status).toBe(201)
    const all = rude.slice(1).flatMap((guest) => Array.from({ length: 4 }, () => begin(guest)))
    const answers = all.map(
      async (sending) => ((await once(sending, 'response')) as [IncomingMessage])[0].statusCode,
    )
    expect(await Promise.race(answers)).toBe(429)
    ann.visit.say({ type: 'say', text: 'still here' })
    await ann.visit.until('chat')
  })
})
