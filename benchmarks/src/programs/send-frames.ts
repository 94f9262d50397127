import { Publisher, type Source, type SourceRun } from '@zcast/publisher'
import { type Frame, Ticker } from '@zcast/shared'
import { pictureOf, WIDTH, HEIGHT } from './picture-of.ts'

/** zcast expects three times as much as most pictures have, so that its queues hold the larger ones. */
const EXPECTED = 3

/** The same picture of so many bytes, 30 times a second: what encoding costs is not measured here. */
class SameFrame implements Source {
  readonly kind = 'video'
  readonly expectedBytes: number
  readonly #data: Uint8Array

  constructor(data: Uint8Array) {
    this.#data = data
    this.expectedBytes = data.byteLength * EXPECTED
  }

  async *blocks({ signal }: SourceRun): AsyncGenerator<Frame> {
    const ticker = new Ticker(30)
    for (let time = await ticker.next(signal); time !== undefined; time = await ticker.next(signal)) {
      yield { kind: 'video', time, width: WIDTH, height: HEIGHT, format: 'jpeg', data: this.#data }
    }
  }
}

const [endpoint = '', bytes = '20000', seconds = '1', begin = 'when told'] = process.argv.slice(2)
const source = new SameFrame(await pictureOf(Number(bytes)))
await using publisher = await Publisher.open({
  ...(endpoint.startsWith('nats:') ? { connect: endpoint } : { bind: endpoint }),
  expectedBytes: source.expectedBytes,
  // As the command does for one stream of pictures: few wait for a slow subscriber.
  pictureTopics: 1,
})
console.log('ready')
// Whoever started this says when everybody is there.
if (begin !== 'now') await new Promise((resolve) => process.once('SIGUSR2', resolve))
const busy = process.cpuUsage()
await publisher.run(source, { stream: 'main', always: true, maxValues: Number(seconds) * 30 })
// What is queued is sent by the I/O thread: its time belongs to the last pictures.
await new Promise((resolve) => setTimeout(resolve, 300))
const { user, system } = process.cpuUsage(busy)
console.log(JSON.stringify({ sent: publisher.sent, cpuMs: (user + system) / 1000 }))
