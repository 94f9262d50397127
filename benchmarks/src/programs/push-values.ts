import { Publisher, type Source, type SourceRun } from '@zcast/publisher'
import { type NumbersBlock, Ticker, wallClock } from '@zcast/shared'

const NS_A_SECOND = 1e9

/** Arrays of six, each pushed when its time has come; the first number is when that was, by the system's monotonic clock. */
class Pushed implements Source {
  readonly kind = 'numbers'
  readonly expectedBytes = 150

  async *blocks({ signal }: SourceRun): AsyncGenerator<NumbersBlock> {
    const ticker = new Ticker(1000)
    while ((await ticker.next(signal)) !== undefined) {
      const data = Float64Array.of(
        0,
        Math.random(),
        Math.random(),
        Math.random(),
        Math.random(),
        Math.random(),
      )
      const time = wallClock()
      data[0] = Number(process.hrtime.bigint()) / NS_A_SECOND
      yield { kind: 'numbers', time, rows: 1, columns: data.length, data }
    }
  }
}

const [endpoint = '', joined = 'joined'] = process.argv.slice(2)
const source = new Pushed()
await using publisher = await Publisher.open({
  bind: [endpoint],
  expectedBytes: source.expectedBytes,
  ...(joined === 'single' && { batch: false }),
})
console.log('ready')
await publisher.run(source, { stream: 'pushed' })
