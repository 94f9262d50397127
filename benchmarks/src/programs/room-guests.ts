import { once } from 'node:events'
import { wallClock } from '@zcast/shared'
import { WebSocket } from 'ws'

// Guests of a room in one process, as far as its protocol goes: each has joined, watches what is on air as a page does,
// and says something every 10 s or so. Says when all are in, and at the end what they saw, as JSON.
const [address = '', count = '1', seconds = '10'] = process.argv.slice(2)
const EVERY_MS = 500
const room = address.replace(/^http/, 'ws')
const STAMP = /^#(\d+)#/
const LITTLE = true

/** The time of the newest picture that each has; 0 before the first one. */
const newest = new Float64Array(Number(count))
/** How long each line took to each guest, by its stamp. */
const arrivals = new Map<string, number[]>()
const moments: Record<number, [least: number, most: number]> = {}
let pictures = 0
let isOver = false

async function open(path: string): Promise<WebSocket> {
  const socket = new WebSocket(`${room}${path}`)
  await once(socket, 'open')
  return socket
}

async function join(index: number): Promise<WebSocket> {
  const socket = await open('/room')
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Record<string, unknown>
    if (message['type'] === 'chat') hear((message['line'] as { text: string }).text)
    // The first one puts the film on air, once it is there.
    const [film] = (message['films'] as { id: string }[] | undefined) ?? []
    if (index === 0 && film && newest[0] === 0) socket.send(JSON.stringify({ type: 'air', film: film.id }))
  })
  socket.send(JSON.stringify({ type: 'join', name: `guest ${index}` }))
  await once(socket, 'message')
  const watching = await open('/pictures?topic=video/main')
  watching.on('message', (data: Buffer, isBinary: boolean) => {
    if (!isBinary) return
    newest[index] = new DataView(data.buffer, data.byteOffset).getFloat64(16, LITTLE)
    pictures += 1
    watching.send('next')
  })
  watching.send('next')
  return socket
}

function hear(text: string): void {
  const stamp = STAMP.exec(text)?.[1]
  if (stamp !== undefined) arrivals.get(stamp)?.push(wallClock() * 1000 - Number(stamp) / 1000)
}

/** Says things at the rate of somebody who chats. */
function chat(socket: WebSocket): void {
  setTimeout(
    () => {
      if (isOver) return
      // Microseconds, so that each line has its own.
      const stamp = Math.round(wallClock() * 1e6).toString()
      arrivals.set(stamp, [])
      socket.send(JSON.stringify({ type: 'say', text: `#${stamp}# and some words, as people say them` }))
      chat(socket)
    },
    5000 + Math.random() * 10_000,
  ).unref()
}

const sockets: WebSocket[] = []
for (let index = 0; index < Number(count); index++) sockets.push(await join(index))
while (newest.some((time) => time === 0)) await new Promise((resolve) => setTimeout(resolve, 100))
console.log('ready')
for (const socket of sockets) chat(socket)
const before = pictures
const watching = setInterval(() => {
  const at = Math.round((wallClock() * 1000) / EVERY_MS) * EVERY_MS
  setTimeout(
    () => (moments[at + EVERY_MS] = [Math.min(...newest), Math.max(...newest)]),
    at + EVERY_MS - wallClock() * 1000,
  )
}, EVERY_MS)
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000))
clearInterval(watching)
isOver = true
const seen = pictures - before
// What was said last is still on its way.
await new Promise((resolve) => setTimeout(resolve, 1000))
const lines = [...arrivals.values()]
console.log(
  JSON.stringify({
    said: lines.length,
    missing: lines.reduce((sum, { length }) => sum + Number(count) - length, 0),
    toAllMs: lines.map((line) => Math.max(...line)),
    pictures: seen / Number(count) / Number(seconds),
    moments,
  }),
)
process.exit()
