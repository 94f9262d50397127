import { LatencyHistogram, wallClock, ZeromqTransport, type SubscribeSocket } from '@zcast/shared'

// Many subscribers in one process, each with a socket of its own; ends when nothing has come for a second.
const [endpoint = '', count = '1'] = process.argv.slice(2)
const transport = new ZeromqTransport()
const latency = new LatencyHistogram()
const received = new Float64Array(Number(count))
const TIME = Buffer.from('\u00a4time\u00cb', 'latin1')

async function countMessages(socket: SubscribeSocket, index: number): Promise<void> {
  for await (const message of socket.messages()) {
    const header = message[1] as Buffer
    // Only the time is looked up: decoding a thousand headers a second for each of 500 is not what is measured.
    latency.record((wallClock() - header.readDoubleBE(header.indexOf(TIME) + TIME.length)) * 1000)
    received[index] = (received[index] as number) + 1
  }
}

const sockets = await Promise.all(
  Array.from({ length: Number(count) }, () => transport.openSubscribe({ connect: [endpoint] })),
)
let connected = 0
for (const [index, socket] of sockets.entries()) {
  socket.onPeerState((state) => {
    if (state === 'connected' && ++connected === sockets.length) console.log('connected')
  })
  socket.subscribe('video/main')
  void countMessages(socket, index)
}
let before = 0
const timer = setInterval(() => {
  const total = received.reduce((sum, value) => sum + value, 0)
  if (total === 0 || total !== before) {
    before = total
    return
  }
  clearInterval(timer)
  console.log(JSON.stringify({ least: Math.min(...received), total, ...latency.summary() }))
  process.exit()
}, 1000)
