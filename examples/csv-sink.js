// A sink of your own: writes every array of numbers as a line of CSV.
//   node examples/csv-sink.js numbers/wave > wave.csv
import { Subscriber } from '@zcast/subscribers'

class CsvSink {
  async open() {} // open files here

  async write({ block }) {
    if (block.kind !== 'numbers') return
    let lines = ''
    const { rows, columns, data, time, interval = 0 } = block
    for (let row = 0; row < rows; row++) {
      const values = data.subarray(row * columns, (row + 1) * columns)
      lines += `${time + row * interval},${values.join(',')}\n`
    }
    // Awaiting a slow output holds the next block back, so that memory stays bounded.
    if (!process.stdout.write(lines)) await new Promise((go) => process.stdout.once('drain', go))
  }

  async close() {} // close files here; may be called twice
}

const [topic = 'numbers/random', connect = 'tcp://127.0.0.1:5556'] = process.argv.slice(2)
const subscriber = await Subscriber.open({ connect, topics: [topic] })
subscriber.on('loss', ({ lost }) => console.error(`${lost} arrays were lost`))

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())
await subscriber.run(new CsvSink(), { signal: stop.signal })
await subscriber.close()
