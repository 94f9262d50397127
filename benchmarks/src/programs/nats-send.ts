import { connect } from '@nats-io/transport-node'
import { Ticker, wallClock } from '@zcast/shared'

// Pictures as send-frames sends them, but by the library of NATS alone: the least that a message of this size costs.
const [endpoint = '', bytes = '20000', seconds = '1'] = process.argv.slice(2)
const TIME = Buffer.from('\u00a4time\u00cb', 'latin1')
const body = Buffer.alloc(Number(bytes), 'z')
TIME.copy(body)
const connection = await connect({ servers: endpoint })
console.log('ready')
await new Promise((resolve) => process.once('SIGUSR2', resolve))
const busy = process.cpuUsage()
const ticker = new Ticker(30)
const count = Number(seconds) * 30
for (let sent = 0; sent < count; sent++) {
  await ticker.next(new AbortController().signal)
  body.writeDoubleBE(wallClock(), TIME.length)
  connection.publish('zc.video.main', body)
}
await connection.flush()
const { user, system } = process.cpuUsage(busy)
console.log(JSON.stringify({ sent: count, cpuMs: (user + system) / 1000 }))
process.exit()
