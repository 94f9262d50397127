// Sends numbers of your own from a loop: node examples/push-numbers.js
// See them with: zcast client 3 --topic numbers/wave
import { setTimeout as sleep } from 'node:timers/promises'
import { Publisher } from '@zcast/publisher'

const [endpoint = 'tcp://127.0.0.1:5556'] = process.argv.slice(2)
const publisher = await Publisher.open({ bind: endpoint })
const wave = publisher.topic('numbers/wave', { names: ['sine', 'cosine'] })
console.log(`sending numbers/wave on ${publisher.endpoints.join()}; Ctrl-C ends it`)

for (let step = 0; ; step++) {
  await wave.send([Math.sin(step / 10), Math.cos(step / 10)]) // read your sensor here
  await sleep(100)
}
