import { rowsOf } from '@zcast/shared/internal'
import { findSelection, Subscriber } from '@zcast/subscribers'
import { untilQuiet } from './until-quiet.ts'

// Takes each array by itself, at the positions it was told, as a program that uses the library would.
const [endpoint = '', which = 'all'] = process.argv.slice(2)
const { first, step } = findSelection(which)
await using subscriber = await Subscriber.open({ topics: ['numbers/'], delivery: 'all', connect: [endpoint] })
untilQuiet(subscriber)
let sum = 0
let received = 0
for await (const { block } of subscriber) {
  if (block.kind !== 'numbers') continue
  for (const row of rowsOf(block)) {
    for (let index = first; index < row.length; index += step) sum += row[index] as number
    received++
  }
}
const { lost } = subscriber.statistics.counts()
console.log(JSON.stringify({ received, lost, rate: subscriber.statistics.rate, sum }))
