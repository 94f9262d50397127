import { describe, expect, test } from '@jest/globals'
import { type Envelope, Statistics } from '@zcast/shared'
import { FanOutSink } from '../../../src/sinks/fan-out-sink.ts'
import { CollectingSink } from '@zcast/testing/streams/collecting-sink'
import type { Sink, SinkContext } from '../../../src/sinks/sink.ts'

const context: SinkContext = { statistics: new Statistics(), state: () => 'live' }

function envelope(seq: number): Envelope {
  const block = {
    kind: 'video',
    seq,
    time: seq,
    width: 1,
    height: 1,
    format: 'jpeg',
    data: new Uint8Array(),
  } as const
  return { topic: 'video/main', epoch: 1, block }
}

/** A sink that takes each envelope when it is told to. */
class SlowSink implements Sink {
  readonly seen: (number | undefined)[] = []
  closed = 0
  #release: (() => void) | undefined

  async open(): Promise<void> {}

  write({ block }: Envelope): Promise<void> {
    this.seen.push(block.seq)
    return new Promise((resolve) => (this.#release = resolve))
  }

  async close(): Promise<void> {
    this.closed += 1
  }

  /** Takes the envelope in hand; whatever follows from it has happened when this resolves. */
  async take(): Promise<void> {
    this.#release?.()
    await settle()
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

async function isPending(promise: Promise<void>): Promise<boolean> {
  let pending = true
  void promise.then(() => (pending = false))
  await settle()
  return pending
}

describe('several sinks at once', () => {
  test('a slow sink that shows gets the newest and holds back no other', async () => {
    const screen = new SlowSink()
    const kept: (number | undefined)[] = []
    const recorder: Sink = {
      open: async () => {},
      write: ({ block }) => void kept.push(block.seq),
      close: async () => {},
    }
    const sink = new FanOutSink({ newest: [screen], every: [recorder] })
    await sink.open(context)
    for (let seq = 0; seq < 5; seq++) await sink.write(envelope(seq))
    expect(kept).toEqual([0, 1, 2, 3, 4])
    expect(screen.seen).toEqual([0])
    await screen.take()
    expect(screen.seen).toEqual([0, 4])
  })

  test('an envelope that comes just when a sink gets ready is not left waiting', async () => {
    const screen = new SlowSink()
    const sink = new FanOutSink({
      newest: [screen],
      every: [{ open: async () => {}, write: () => {}, close: async () => {} }],
    })
    await sink.write(envelope(0))
    for (let seq = 1; seq < 20; seq++) {
      const taking = screen.take()
      for (let turns = 0; turns < seq % 5; turns++) await Promise.resolve()
      await sink.write(envelope(seq))
      await taking
      await settle()
      expect(screen.seen.at(-1)).toBe(seq)
    }
  })

  test('waits for a sink that keeps', async () => {
    const recorder = new SlowSink()
    const sink = new FanOutSink({ newest: [new SlowSink()], every: [recorder] })
    const writing = sink.write(envelope(0))
    expect(await isPending(writing)).toBe(true)
    await recorder.take()
    await writing
  })

  test('waits for the quickest where none keeps, so that its viewer skips', async () => {
    const quick = new SlowSink()
    const slow = new SlowSink()
    const sink = new FanOutSink({ newest: [quick, slow] })
    const writing = sink.write(envelope(0))
    expect(await isPending(writing)).toBe(true)
    await quick.take()
    await writing
    const next = sink.write(envelope(1))
    expect(quick.seen).toEqual([0, 1])
    expect(slow.seen).toEqual([0])
    await quick.take()
    await next
  })

  test("a sink's failure reaches the writer, with the next envelope at the latest", async () => {
    const failing: Sink = {
      open: async () => {},
      write: () => Promise.reject(new Error('full')),
      close: async () => {},
    }
    await expect(new FanOutSink({ every: [failing] }).write(envelope(0))).rejects.toThrow('full')
    const showing = new FanOutSink({ newest: [failing] })
    await showing.write(envelope(0))
    await expect(showing.write(envelope(1))).rejects.toThrow('full')
  })

  test('closes every sink, also when one cannot be closed', async () => {
    const other = new SlowSink()
    const stuck: Sink = {
      open: async () => {},
      write: () => {},
      close: () => Promise.reject(new Error('stuck')),
    }
    const sink = new FanOutSink({ newest: [other], every: [stuck] })
    await expect(sink.close()).rejects.toThrow('stuck')
    expect(other.closed).toBe(1)
  })
})

describe('a pause', () => {
  const subscription = { pause: () => undefined, resume: () => undefined }

  test('is for a sink that is alone, not for one of several', async () => {
    const alone = new CollectingSink()
    await new FanOutSink({ newest: [alone] }).open({ ...context, subscription })
    expect(alone.context?.subscription).toBe(subscription)
    const [shown, kept] = [new CollectingSink(), new CollectingSink()]
    await new FanOutSink({ newest: [shown], every: [kept] }).open({ ...context, subscription })
    expect(shown.context?.subscription).toBeUndefined()
    expect(kept.context?.subscription).toBeUndefined()
  })
})
