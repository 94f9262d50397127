import { Publisher, type Source, type SourceRun } from '@zcast/publisher'
import { type NumbersBlock, wallClock } from '@zcast/shared'

const COLUMNS = 1_000_000

/** The same million numbers again and again: making them is not what is measured. */
class SameArray implements Source {
  readonly kind = 'numbers'
  readonly expectedBytes = COLUMNS * 8
  readonly #data = Float64Array.from({ length: COLUMNS }, () => Math.random() * 10_000)

  async *blocks({ signal, demand }: SourceRun): AsyncGenerator<NumbersBlock> {
    while (!signal.aborted) {
      await demand.untilWanted(signal)
      yield { kind: 'numbers', time: wallClock(), rows: 1, columns: COLUMNS, data: this.#data }
    }
  }
}

const [endpoint = '', seconds = '1'] = process.argv.slice(2)
const source = new SameArray()
await using publisher = await Publisher.open({
  bind: [endpoint],
  delivery: 'all',
  expectedBytes: source.expectedBytes,
})
console.log('ready')
// The time begins with the first subscriber.
const end = new AbortController()
const watch = setInterval(() => {
  if (publisher.sent === 0) return
  clearInterval(watch)
  setTimeout(() => end.abort(), Number(seconds) * 1000)
}, 10)
await publisher.run(source, { stream: 'big', signal: end.signal })
console.log(JSON.stringify({ sent: publisher.sent }))
