import { setTimeout as delay } from 'node:timers/promises'
import { Subscriber } from '@zcast/subscribers'
import { wallClock } from '@zcast/shared'

/** What comes while everybody is still starting says nothing. */
const WARM_UP_MS = 2000

// Receives pictures for so many seconds; may need some milliseconds for each. Says how old they were.
const [endpoint = '', seconds = '1', workMs = '0'] = process.argv.slice(2)
await using subscriber = await Subscriber.open({
  topics: ['video/'],
  delivery: 'latest',
  connect: [endpoint],
})
const window = subscriber.statistics.openWindow()
let ageMs = 0
let timer: NodeJS.Timeout | undefined
for await (const { block } of subscriber) {
  if (timer === undefined) setTimeout(() => window.read(), WARM_UP_MS)
  timer ??= setTimeout(() => void subscriber.close(), WARM_UP_MS + Number(seconds) * 1000)
  ageMs = (wallClock() - block.time) * 1000
  if (Number(workMs) > 0) await delay(Number(workMs))
}
const { received, lost, skipped } = subscriber.statistics.counts()
console.log(JSON.stringify({ received, lost, skipped, ageMs, ...window.read().latency }))
