import { type Block, type Envelope, valueCount } from '@zcast/shared'
import { Recording } from '@zcast/recording'
import { Subscriber } from '@zcast/subscribers'

// What a recording holds, or what is sent: for each topic the values, their bytes, and the sum of the numbers in their
// order, however many share a message. Of what is sent, as many values as it is told; the time from the first to the last.
const [from = 'recording', place = '', count = '0'] = process.argv.slice(2)

class Digest {
  values = 0
  readonly #topics = new Map<string, { values: number; bytes: number; sum: number }>()

  add({ topic, block }: Envelope): void {
    const known = this.#topics.get(topic) ?? { values: 0, bytes: 0, sum: 0 }
    this.#topics.set(topic, known)
    const values = valueCount(block)
    this.values += values
    known.values += values
    known.bytes += block.data.byteLength
    known.sum = sumOf(block, known.sum)
  }

  toString(): string {
    return JSON.stringify([...this.#topics].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }
}

/** Of a picture, the last byte before its end counts. */
function sumOf({ kind, data }: Block, before: number): number {
  if (kind !== 'numbers') return before + Number(data.at(-3))
  let sum = before
  for (const value of data) sum += value
  return sum
}

const digest = new Digest()
let [firstMs, lastMs] = [0, 0]
if (from === 'recording') {
  await using recording = await Recording.open(place)
  for await (const { envelope } of recording.blocks()) digest.add(envelope)
} else {
  const topics = ['numbers/', 'video/']
  await using subscriber = await Subscriber.open({ topics, delivery: 'all', connect: place.split(',') })
  for await (const envelope of subscriber) {
    if (digest.values === 0) firstMs = performance.now()
    digest.add(envelope)
    if (digest.values >= Number(count)) break
  }
  lastMs = performance.now()
}
console.log(JSON.stringify({ values: digest.values, digest: String(digest), ms: lastMs - firstMs }))
