import { describe, expect, test } from '@jest/globals'
import { type Envelope, type SinkError, Statistics } from '@zcast/shared'
import { BacklogSink } from '../../../src/sinks/backlog-sink.ts'
import type { Sink, SinkContext } from '../../../src/sinks/sink.ts'
import { pictureEnvelope } from '@zcast/testing/pictures/plain-picture'

const context: SinkContext = { statistics: new Statistics(), state: () => 'live' }
const PICTURE_BYTES = 1000

function picture(fill: number): Envelope {
  return pictureEnvelope({ data: new Uint8Array(PICTURE_BYTES).fill(fill), width: 1, height: 1 })
}

/** A sink that takes what it is given when it is told to. */
class GatedSink implements Sink {
  readonly seen: number[] = []
  failure: Error | undefined
  closed = false
  #release: () => void = () => undefined

  async open(): Promise<void> {}

  async write({ block }: Envelope): Promise<void> {
    if (this.failure) throw this.failure
    await new Promise<void>((resolve) => (this.#release = resolve))
    this.seen.push(block.data[0] ?? -1)
  }

  async close(): Promise<void> {
    this.closed = true
  }

  async take(times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      this.#release()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

describe('a backlog', () => {
  test('takes a burst at once, and gives it on in order', async () => {
    const kept = new GatedSink()
    const sink = new BacklogSink(kept, { onFailure: () => undefined })
    await sink.open(context)
    for (let number = 0; number < 20; number++) sink.write(picture(number))
    const closing = sink.close()
    await kept.take(20)
    await closing
    expect(kept.seen).toEqual(Array.from({ length: 20 }, (_, index) => index))
    expect({ closed: kept.closed, leftOut: sink.leftOut }).toEqual({ closed: true, leftOut: 0 })
  })

  test('leaves out what is beyond its limit, counts it, and goes on', async () => {
    const kept = new GatedSink()
    let told = 0
    const options = { maxBytes: 3 * PICTURE_BYTES, onFailure: () => undefined, onLeftOut: () => told++ }
    const sink = new BacklogSink(kept, options)
    for (let number = 0; number < 5; number++) sink.write(picture(number))
    await kept.take(3)
    sink.write(picture(5))
    const closing = sink.close()
    await kept.take(1)
    await closing
    expect(kept.seen).toEqual([0, 1, 2, 5])
    expect({ told, leftOut: sink.leftOut }).toEqual({ told: 2, leftOut: 2 })
  })

  test('a picture larger than the limit is taken when nothing else waits', async () => {
    const kept = new GatedSink()
    const sink = new BacklogSink(kept, { maxBytes: 1, onFailure: () => undefined })
    sink.write(picture(7))
    await kept.take(1)
    await sink.close()
    expect(kept.seen).toEqual([7])
  })

  test('tells the failure of the sink behind once, and gives it nothing more', async () => {
    const kept = new GatedSink()
    kept.failure = new Error('no space left')
    const failures: SinkError[] = []
    const sink = new BacklogSink(kept, { onFailure: (failure) => failures.push(failure) })
    for (let number = 0; number < 3; number++) sink.write(picture(number))
    await new Promise((resolve) => setImmediate(resolve))
    sink.write(picture(3))
    await sink.close()
    expect(failures.map(({ code, message }) => [code, message])).toEqual([['ERR_SINK', 'no space left']])
    expect(kept.seen).toEqual([])
  })
})
