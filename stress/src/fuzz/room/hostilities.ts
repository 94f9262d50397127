import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../../support/random.ts'
import { openChannel, RoomGuest } from './room-guest.ts'

/** Where a room is attacked. */
export interface Target {
  readonly address: string
  readonly echoPort: number
}

type Hostility = (target: Target, random: Random) => Promise<void>

const TYPES = (
  'join say typing history remove mute unmute ban unban bans slow air play pause next seek share clock ' +
  'constructor __proto__ toString'
).split(' ')
const NAMES = ['text', 'before', 'id', 'guest', 'minutes', 'seconds', 'film', 'to', 'camera', 'microphone']
const PLACES = [
  '..',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '../../etc/passwd',
  '%00',
  '',
  'x'.repeat(8000),
  '....//',
]
const TUS = { 'Tus-Resumable': '1.0.0' }

/** Everything a hostile guest may do, each with its name. */
export const HOSTILITIES: readonly (readonly [name: string, act: Hostility])[] = [
  ['rubbish to the room', rubbishTo('/room')],
  ['rubbish to cameras', rubbishTo('/camera')],
  ['rubbish to microphones', rubbishTo('/microphone')],
  ['half messages', halfMessages],
  ['wrong messages', wrongMessages],
  ['huge names', hugeNames],
  ['joins', manyJoins],
  ['guests that read nothing', readNothing],
  ['bad pictures and sound', badPictures],
  ['voices', voices],
  ['uploads', uploads],
  ['old programs', oldPrograms],
  ['paths', paths],
]

function rubbishTo(path: string): Hostility {
  return async ({ address }, random) => {
    const socket = await openChannel(address, path)
    if (!socket) return
    const texts = [
      'null',
      '[]',
      '"x"',
      '{',
      '['.repeat(4000),
      '{"key":{}}',
      '{"key":null}',
      '{"type":"join"}',
    ]
    for (let count = 0; count < 20; count++) {
      if (random.chance(0.5)) socket.send(random.pick(texts))
      else socket.send(random.bytes(random.below(20_000)), { binary: random.chance(0.5) })
    }
    await delay(100)
    socket.terminate()
  }
}

/** A WebSocket whose frames do not end. */
async function halfMessages({ address }: Target, random: Random): Promise<void> {
  const { port, host } = new URL(address)
  const socket = connect(Number(port), '127.0.0.1')
  socket.on('error', () => undefined)
  const path = random.pick(['/room', '/camera', '/microphone', '/pictures', '/sound'])
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  const join = Buffer.from('{"type":"join","name":"half')
  socket.write(Buffer.concat([Buffer.of(0x81, 0xfe, 0x10, 0, 0, 0, 0, 0), join]))
  socket.write(random.bytes(random.below(500)))
  await delay(300)
  socket.destroy()
}

async function wrongMessages({ address }: Target, random: Random): Promise<void> {
  const guest = await RoomGuest.join(address, `rude ${random.below(20)}`)
  const values = [
    null,
    -1,
    2 ** 53,
    1e308,
    '',
    '../x',
    'x'.repeat(7000),
    [],
    {},
    true,
    [[[[]]]],
    '\u202e<script>',
  ]
  for (let count = 0; count < 300; count++) {
    const type = random.pick(TYPES)
    guest.say({ type, ...Object.fromEntries(NAMES.map((name) => [name, random.pick(values)])) })
  }
  await delay(200)
  guest.leave()
}

async function hugeNames({ address }: Target, random: Random): Promise<void> {
  const letter = random.pick(['x', '\u0301', '\u202e', '\u{1f469}\u200d', '\u0000', ' '])
  await RoomGuest.join(address, letter.repeat(random.below(9000))).then((guest) => guest.leave())
}

/** 200 at once. */
async function manyJoins({ address }: Target, random: Random): Promise<void> {
  // More often, nobody else would get in to do anything.
  if (!random.chance(0.1)) return
  const joins = Array.from({ length: 200 }, (_, index) => RoomGuest.join(address, `one of ${index}`))
  for (const join of await Promise.allSettled(joins)) if (join.status === 'fulfilled') join.value.leave()
}

async function readNothing({ address }: Target, random: Random): Promise<void> {
  const guest = await RoomGuest.join(address, 'deaf')
  const watching = await openChannel(address, '/pictures?topic=video/main')
  for (const socket of [guest.socket, watching]) socket?.pause()
  for (let count = random.below(1000); count > 0; count--) {
    guest.say({ type: 'history', before: 2 ** 40 })
    watching?.send('next')
  }
  await delay(1000)
  guest.leave()
  watching?.terminate()
}

async function badPictures({ address }: Target, random: Random): Promise<void> {
  const guest = await RoomGuest.join(address, 'camera')
  guest.say({ type: 'share', camera: 'camera', microphone: true })
  await delay(50)
  const path = random.pick(['/camera', '/microphone'])
  const socket = await openChannel(address, path)
  socket?.send(JSON.stringify({ key: random.chance(0.8) ? guest.key : 'A'.repeat(22) }))
  for (let count = 0; count < 20; count++) {
    const time = Buffer.alloc(8)
    time.writeDoubleLE(random.pick([0, Number.NaN, Infinity, Date.now() / 1000, -1]))
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 255, 255, 255, 255, 3])
    socket?.send(
      Buffer.concat([time, random.pick([jpeg, random.bytes(random.below(3000)), Buffer.alloc(0)])]),
    )
  }
  await delay(100)
  socket?.terminate()
  guest.leave()
}

async function voices({ address }: Target, random: Random): Promise<void> {
  const guest = await RoomGuest.join(address, 'voice')
  const key = random.chance(0.8) ? guest.key : 'x'
  const length = random.pick([10, 5000, 12 * 1024 * 1024, 2 ** 40])
  const body = random.bytes(random.below(100_000))
  await send(`${address}/voices`, 'POST', { 'zcast-guest': key, 'Content-Length': String(length) }, body)
  guest.leave()
}

async function uploads({ address }: Target, random: Random): Promise<void> {
  const guest = await RoomGuest.join(address, 'uploader')
  const own = { ...TUS, 'zcast-guest': random.chance(0.9) ? guest.key : 'x' }
  const name = random.pick([
    'clip.mp4',
    '../../clip.mp4',
    '.hidden',
    'x'.repeat(5000),
    '\u0000.mp4',
    'list.m3u8',
  ])
  const bytes = random.pick([0, -1, 1000, 100_000, 2 ** 52, Number.NaN])
  const metadata = `filename ${Buffer.from(name).toString('base64')}`
  const begun = { ...own, 'Upload-Length': String(bytes), 'Upload-Metadata': metadata }
  const location = await send(`${address}/uploads/`, 'POST', begun, Buffer.alloc(0))
  const id = location ?? random.pick(PLACES)
  const part = { ...own, 'Content-Type': 'application/offset+octet-stream' }
  const offset = random.pick(['0', '0', '7', '-1', 'x'])
  const body = random.bytes(random.pick([10, 1000, 1000, 200_000]))
  await send(`${address}/uploads/${id}`, 'PATCH', { ...part, 'Upload-Offset': offset }, body)
  await send(`${address}/uploads/${id}`, random.pick(['HEAD', 'DELETE', 'DELETE']), own, Buffer.alloc(0))
  guest.leave()
}

async function oldPrograms({ echoPort }: Target, random: Random): Promise<void> {
  const socket = connect(echoPort, '127.0.0.1')
  socket.on('error', () => undefined)
  const most = random.pick([100, 10_000, 1_000_000])
  const texts = [
    '['.repeat(most),
    `{"username":"eve","message":[${'[],'.repeat(most)}`,
    `{"username":"eve","message":["${' '.repeat(most)}("]}`,
    '{"username":{},"message":["AAAA"],"quit":false}',
    '{"username":"old","message":["AAAA"],"duration":1e308,"quit":false}',
    'null',
    '\0'.repeat(1000),
  ]
  for (let count = 0; count < 5; count++) {
    socket.write(random.chance(0.8) ? `${random.pick(texts)}\0` : random.bytes(random.below(100_000)))
  }
  await delay(200)
  socket.destroy()
}

async function paths({ address }: Target, random: Random): Promise<void> {
  const base = random.pick(['/poster/', '/voices/', '/uploads/', '/room/', '/'])
  const method = random.pick(['GET', 'HEAD', 'POST', 'DELETE', 'PUT', 'OPTIONS'])
  await send(`${address}${base}${random.pick(PLACES)}`, method, TUS, random.bytes(random.below(1000)))
}

/** Sends a request, as it is written, and its body, whether that is all of it or not. @returns Its `Location`. */
async function send(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): Promise<string | undefined> {
  const { hostname, port, origin } = new URL(url)
  const path = url.slice(origin.length)
  const sending = request({ hostname, port, path, method, headers: { ...headers }, agent: false })
  sending.on('error', () => undefined)
  sending.write(body)
  if (headers['Content-Length'] === undefined) sending.end()
  const answered = once(sending, 'response').then(([response]) => {
    response.resume()
    return (response as { headers: { location?: string } }).headers.location
  })
  const location = await Promise.race([answered, delay(1500)]).catch(() => undefined)
  sending.destroy()
  return location ?? undefined
}
