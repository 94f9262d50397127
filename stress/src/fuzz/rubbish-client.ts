import { connect } from 'node:net'
import type { Random } from '../support/random.ts'
import { frame, GREETING, longHeader, ready, sendInTurn, subscription } from './zmtp.ts'

const SUB = Buffer.concat([GREETING, ready('SUB')])

/** What a subscriber that is none may send to a publisher. */
const TO_A_PUBLISHER: readonly ((random: Random) => Buffer)[] = [
  (random) => random.bytes(random.below(5000)),
  (random) => GREETING.subarray(0, random.below(GREETING.length)),
  () => Buffer.concat([GREETING, ready('PUB')]),
  (random) => Buffer.concat([SUB, random.bytes(random.below(5000))]),
  (random) => many(3000, () => subscription(random.bytes(random.below(200)), true)),
  (random) => many(3000, (index) => subscription(Buffer.from(`numbers/${index}${random.below(9)}`), true)),
  (random) => many(500, () => subscription(random.bytes(random.below(20)), false)),
  () => many(500, () => subscription(Buffer.from('numbers/random'), false)),
  (random) => many(20, () => subscription(random.bytes(100_000), true)),
  () => many(500, (index) => subscription(Buffer.from('numbers/'), index % 2 === 0)),
  // Ends of what others watch; a wait that nobody needs; lanes that nobody reads, and what they have not been sent.
  () => many(500, () => subscription(Buffer.from('video/main'), false)),
  () => many(50, (index) => subscription(Buffer.from('!hold'), index % 2 === 0)),
  (random) => many(200, () => frame(Buffer.from(`!lane ${token(random)} ${token(random)} 1 video/main`))),
  (random) => many(500, (index) => frame(Buffer.from(`!ack ${token(random)} ${index}`))),
  (random) => many(200, () => subscription(Buffer.from(`!lane/${token(random)}/`), true)),
  (random) => many(200, () => frame(random.bytes(random.below(300)), random.chance(0.5))),
  () => Buffer.concat([SUB, longHeader(0, 2n ** 63n)]),
  () => Buffer.concat([SUB, longHeader(0, 16n * 1024n * 1024n + 1n), Buffer.alloc(65_536, 1)]),
  (random) => Buffer.concat([SUB, Buffer.of(4, 100), random.bytes(100)]),
]

const UPGRADE =
  'GET /pictures HTTP/1.1\r\nHost: HOST\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'

/** What a browser that is none may send to a page. */
const TO_A_PAGE: readonly ((random: Random) => Uint8Array | string)[] = [
  (random) => random.bytes(random.below(5000)),
  () => `GET / HTTP/1.1\r\nHost: HOST\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
  () => 'GET /snapshot.jpg?width=-1&topic=%00 HTTP/1.1\r\nHost: HOST\r\n\r\n',
  () => 'GET /../../etc/passwd HTTP/1.1\r\nHost: HOST\r\n\r\n',
  () => 'GET http://[::::]/ HTTP/1.1\r\nHost: HOST\r\n\r\n',
  () => 'POST /stats.json HTTP/1.1\r\nHost: HOST\r\nContent-Length: 99999999\r\n\r\nxx',
  () => 'POST / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n',
  () => 'GET /stream.mjpg HTTP/1.1\r\nHost: HOST\r\n\r\n',
  (random) => Buffer.concat([Buffer.from(UPGRADE), random.bytes(500)]),
  // A frame of 2^63 bytes, one that is not masked, and a control frame that is too long.
  () => Buffer.concat([Buffer.from(UPGRADE), Buffer.of(0x82, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255)]),
  () => Buffer.concat([Buffer.from(UPGRADE), Buffer.of(0x81, 4), Buffer.from('next')]),
  () => Buffer.concat([Buffer.from(UPGRADE), Buffer.of(0x89, 0xfe, 0x10, 0), Buffer.alloc(4100)]),
]

/** Connects to a publisher and sends rubbish. Resolves when that has ended. */
export function sendToPublisher(port: number, random: Random): Promise<void> {
  return sendTo(port, random.pick(TO_A_PUBLISHER)(random), random)
}

/** Connects to a page and sends rubbish. Resolves when that has ended. */
export function sendToPage(port: number, random: Random): Promise<void> {
  const rubbish = random.pick(TO_A_PAGE)(random)
  const text = Buffer.from(rubbish).toString('latin1').replace('HOST', `127.0.0.1:${port}`)
  return sendTo(port, Buffer.from(text, 'latin1'), random)
}

function sendTo(port: number, bytes: Buffer, random: Random): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const timer = setTimeout(() => socket.destroy(), 300 + random.below(500))
    // A reset is what such a peer has coming.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve()
    })
    sendInTurn(socket, bytes)
  })
}

/** 22 letters, as those by which lanes are named. */
function token(random: Random): string {
  return random.bytes(16).toString('base64url')
}

function many(count: number, make: (index: number) => Buffer): Buffer {
  return Buffer.concat([SUB, ...Array.from({ length: count }, (_, index) => make(index))])
}
