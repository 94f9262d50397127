// A codec of your own: numbers as JSON, for programs that do not read msgpack. Both ends in one program:
//   node examples/json-codec.js
import { Publisher } from '@zcast/publisher'
import { CodecError, invalid, UNWANTED } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'

class JsonCodec {
  hasLanes = false

  // A message begins with its topic, so a whole topic or a whole kind is its own prefix.
  prefixes(subscription) {
    return [subscription]
  }

  encode({ topic, epoch, block }) {
    if (block.kind !== 'numbers') throw new CodecError('ERR_VALUE', 'JSON is for numbers only')
    const { seq, time, interval, rows, columns, data } = block
    const body = { epoch, seq, time, interval, rows, columns, data: Array.from(data) }
    return [Buffer.from(topic), Buffer.from(JSON.stringify(body))]
  }

  // Never throws, whatever the bytes: a refused message is counted as invalid.
  decode([first, body, ...rest], wants = () => true) {
    const topic = first?.toString() ?? ''
    if (!wants(topic)) return UNWANTED
    if (body === undefined || rest.length > 0) return invalid('not two parts')
    try {
      const { epoch, data, ...header } = JSON.parse(body.toString())
      const { seq, time, rows, columns } = header
      const isGood =
        [epoch, seq, rows, columns].every((value) => Number.isSafeInteger(value) && value >= 0) &&
        Number.isFinite(time) &&
        Array.isArray(data) &&
        rows >= 1 &&
        data.length === rows * columns &&
        data.every((value) => typeof value === 'number')
      if (!isGood) return invalid('not the fields of an array')
      return { topic, epoch, block: { kind: 'numbers', ...header, data: Float64Array.from(data) } }
    } catch {
      return invalid('not JSON')
    }
  }
}

const codec = new JsonCodec()
const [endpoint = 'tcp://127.0.0.1:*'] = process.argv.slice(2)
const publisher = await Publisher.open({ bind: endpoint, codec })
const wave = publisher.topic('numbers/wave')
const subscriber = await Subscriber.open({
  connect: publisher.endpoints,
  topics: ['numbers/wave'],
  codec,
})
await wave.untilWatched()
for (let step = 0; step < 5; step++) await wave.send([step, step * step])

let received = 0
for await (const { block } of subscriber) {
  for (let row = 0; row < block.rows; row++) {
    console.log(block.seq + row, ...block.data.subarray(row * block.columns, (row + 1) * block.columns))
  }
  received += block.rows
  if (received === 5) break
}
await subscriber.close()
await publisher.close()
