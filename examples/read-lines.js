// Sends what an iterable yields, here lines such as "21.5 40" from a sensor:
//   my-sensor | node examples/read-lines.js
// See them with: zcast client 3 --topic numbers/room
import { createInterface } from 'node:readline'
import { Publisher, sourceOf } from '@zcast/publisher'

async function* readings() {
  for await (const line of createInterface({ input: process.stdin })) {
    yield line.split(' ').map(Number)
  }
}

const [endpoint = 'tcp://127.0.0.1:5556'] = process.argv.slice(2)
const publisher = await Publisher.open({ bind: endpoint })
console.log(`sending numbers/room on ${publisher.endpoints.join()}`)
await publisher.run(sourceOf(readings(), 'numbers', { names: ['temp', 'hum'] }), { stream: 'room' })
await publisher.close()
