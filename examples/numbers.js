// A publisher and a subscriber in one program. Run it with: node examples/numbers.js
import { Publisher, RandomNumbersSource } from '@zcast/publisher'
import { Subscriber } from '@zcast/subscribers'

const stop = new AbortController()
const source = new RandomNumbersSource({ count: 3, intervalMs: 100 })
const publisher = await Publisher.open({ bind: ['tcp://127.0.0.1:*'], expectedBytes: source.expectedBytes })
const running = publisher.run(source, { stream: 'random', signal: stop.signal })

const connect = publisher.endpoints
const subscriber = await Subscriber.open({ connect, topics: ['numbers/random'], delivery: 'all' })
let received = 0
for await (const { block } of subscriber) {
  console.log(block.seq, ...block.data)
  received += 1
  if (received === 5) break
}

stop.abort()
await running
await subscriber.close()
await publisher.close()
