import { wallClock } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'

// Receives pictures for so many seconds, as a viewer does. Says when each came, and how old it was by its header.
const [endpoint = '', seconds = '1'] = process.argv.slice(2)
await using subscriber = await Subscriber.open({
  topics: ['video/main'],
  delivery: 'latest',
  connect: [endpoint],
})
const arrivals: [number, number][] = []
let timer: NodeJS.Timeout | undefined
for await (const { block } of subscriber) {
  timer ??= setTimeout(() => void subscriber.close(), Number(seconds) * 1000)
  const nowMs = wallClock() * 1000
  arrivals.push([nowMs, nowMs - block.time * 1000])
}
const { received, lost, withheld, skipped } = subscriber.statistics.counts()
console.log(JSON.stringify({ received, lost, withheld, skipped, arrivals }))
