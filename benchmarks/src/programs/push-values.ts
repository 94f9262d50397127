import { Publisher } from '@zcast/publisher'
import { Ticker } from '@zcast/shared'

const NS_A_SECOND = 1e9

// Arrays of six, each pushed when its time has come; the first number is when that was, by the system's monotonic clock.
const [endpoint = '', joined = 'joined'] = process.argv.slice(2)
await using publisher = await Publisher.open({
  bind: endpoint,
  expectedBytes: 150,
  ...(joined === 'single' && { batch: false }),
})
const topic = publisher.topic('numbers/pushed')
console.log('ready')
const values = new Float64Array(6)
const ticker = new Ticker(1000)
// Ends with its process.
while ((await ticker.next()) !== undefined) {
  for (let position = 1; position < values.length; position++) values[position] = Math.random()
  values[0] = Number(process.hrtime.bigint()) / NS_A_SECOND
  await topic.send(values)
}
