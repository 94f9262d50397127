import { connect } from '@nats-io/transport-node'
import { LatencyHistogram, wallClock } from '@zcast/shared'

// As many-subscribers, over NATS: many connections in one process, by the library of NATS alone.
const [endpoint = '', count = '1'] = process.argv.slice(2)
const latency = new LatencyHistogram()
const received = new Float64Array(Number(count))
const TIME = Buffer.from('\u00a4time\u00cb', 'latin1')
const WISH = JSON.stringify({ want: ['video/main'] })

for (let index = 0; index < received.length; index++) {
  const connection = await connect({ servers: endpoint })
  connection.subscribe('zc.video.main', {
    callback: (_, { data }) => {
      const body = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      latency.record((wallClock() - body.readDoubleBE(body.indexOf(TIME) + TIME.length)) * 1000)
      received[index] = (received[index] as number) + 1
    },
  })
  await connection.flush()
  if (index > 0) continue
  // One asks for all.
  const ask = (): void => connection.publish('zc.want.bench', WISH)
  ask()
  setInterval(ask, 1000)
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
