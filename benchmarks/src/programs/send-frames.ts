import { Publisher, type Source, type SourceRun } from '@zcast/publisher'
import { Ticker, type Frame } from '@zcast/shared'

/** Pictures of so many bytes, 30 a second: what encoding costs is not measured here. */
class SameFrame implements Source {
  readonly kind = 'video'
  readonly expectedBytes: number

  constructor(bytes: number) {
    this.expectedBytes = bytes
  }

  async *blocks({ signal }: SourceRun): AsyncGenerator<Frame> {
    const data = new Uint8Array(this.expectedBytes)
    const ticker = new Ticker(30)
    for (let time = await ticker.next(signal); time !== undefined; time = await ticker.next(signal)) {
      yield { kind: 'video', time, width: 640, height: 360, format: 'jpeg', data }
    }
  }
}

const [endpoint = '', bytes = '20000', seconds = '1'] = process.argv.slice(2)
const source = new SameFrame(Number(bytes))
await using publisher = await Publisher.open({ bind: [endpoint], expectedBytes: source.expectedBytes })
console.log('ready')
// Whoever started this says when everybody is there.
await new Promise((resolve) => process.once('SIGUSR2', resolve))
const busy = process.cpuUsage()
await publisher.run(source, { stream: 'main', always: true, maxValues: Number(seconds) * 30 })
// What is queued is sent by the I/O thread: its time belongs to the last pictures.
await new Promise((resolve) => setTimeout(resolve, 300))
const { user, system } = process.cpuUsage(busy)
console.log(JSON.stringify({ sent: publisher.sent, cpuMs: (user + system) / 1000 }))
