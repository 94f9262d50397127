import { LatencyHistogram, wallClock } from '@zcast/shared'
import { Subscriber } from 'zeromq'

// Many subscribers in one process, each with a socket of its own; ends when nothing has come for a second. ZeroMQ's own
// sockets, as ours have two more each to watch their peers, and a process may have 1023.
const [endpoint = '', count = '1'] = process.argv.slice(2)
const latency = new LatencyHistogram()
const received = new Float64Array(Number(count))
const TIME = Buffer.from('\u00a4time\u00cb', 'latin1')

async function countMessages(socket: Subscriber, index: number): Promise<void> {
  for await (const [, header] of socket) {
    if (!header) continue
    // Only the time is looked up: decoding a thousand headers a second for each of 500 is not what is measured.
    latency.record((wallClock() - header.readDoubleBE(header.indexOf(TIME) + TIME.length)) * 1000)
    received[index] = (received[index] as number) + 1
  }
}

for (let index = 0; index < received.length; index++) {
  const socket = new Subscriber({ linger: 0 })
  socket.connect(endpoint)
  socket.subscribe('video/main')
  void countMessages(socket, index)
}
console.log('connecting')
let before = 0
setInterval(() => {
  const total = received.reduce((sum, value) => sum + value, 0)
  if (total === 0 || total !== before) {
    before = total
    return
  }
  console.log(JSON.stringify({ least: Math.min(...received), total, ...latency.summary() }))
  process.exit()
}, 1000)
