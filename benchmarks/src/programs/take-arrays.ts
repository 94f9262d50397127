import { Subscriber } from '@zcast/subscribers'
import { untilQuiet } from './until-quiet.ts'

// Takes arrays of a million numbers, and looks at both ends of each.
await using subscriber = await Subscriber.open({
  topics: ['numbers/'],
  delivery: 'all',
  connect: [process.argv[2] ?? ''],
})
untilQuiet(subscriber)
let checked = 0
for await (const { block } of subscriber) checked += Number(block.data[0]) + Number(block.data.at(-1))
const { received, lost } = subscriber.statistics.counts()
console.log(JSON.stringify({ received, lost, rate: subscriber.statistics.rate, checked }))
