import { setTimeout as delay } from 'node:timers/promises'
import { Subscriber } from '@zcast/subscribers'
import { wallClock } from '@zcast/shared'

// Receives pictures for so many seconds; may need some milliseconds for each. Says how old they were.
const [endpoint = '', seconds = '1', workMs = '0'] = process.argv.slice(2)
await using subscriber = await Subscriber.open({
  topics: ['video/'],
  delivery: 'latest',
  connect: [endpoint],
})
let ageMs = 0
let timer: NodeJS.Timeout | undefined
for await (const { block } of subscriber) {
  if (timer === undefined) console.log('first')
  timer ??= setTimeout(() => void subscriber.close(), Number(seconds) * 1000)
  ageMs = (wallClock() - block.time) * 1000
  if (Number(workMs) > 0) await delay(Number(workMs))
}
const { received, lost, skipped } = subscriber.statistics.counts()
console.log(JSON.stringify({ received, lost, skipped, ageMs, ...subscriber.statistics.latency.summary() }))
