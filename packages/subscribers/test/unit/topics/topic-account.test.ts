import { describe, expect, test } from '@jest/globals'
import { ClockOffsets } from '../../../src/topics/clock-offset.ts'
import { reportBw } from '../../../src/topics/reports/bw-report.ts'
import { reportDelay } from '../../../src/topics/reports/delay-report.ts'
import { reportHz } from '../../../src/topics/reports/hz-report.ts'
import type { Sighting } from '../../../src/topics/sighting.ts'
import { TopicAccount } from '../../../src/topics/topic-account.ts'

/** A clock that a test moves, and an account that it feeds. */
class Feed {
  readonly account: TopicAccount
  nowMs = 5000
  /** How far the clock of the arrivals is ahead of the one that values carry. */
  aheadSeconds = 0
  isSettled = true

  constructor(windowMs = 10_000) {
    this.account = new TopicAccount('numbers/a', 'tcp://127.0.0.1:1', windowMs)
  }

  take(sighting: Partial<Sighting> = {}): void {
    const given = { topic: 'numbers/a', values: 1, bytes: 100, isOwn: true, ...sighting }
    this.account.take(given, {
      atMs: this.nowMs,
      time: this.nowMs / 1000 + this.aheadSeconds,
      isSettled: this.isSettled,
    })
  }

  hz(): ReturnType<typeof reportHz> {
    return reportHz(this.account, this.nowMs, false)
  }
}

describe('rate and jitter', () => {
  test('are those of the intervals between arrivals', () => {
    const feed = new Feed()
    for (const intervalMs of [0, 100, 90, 110, 100]) {
      feed.nowMs += intervalMs
      feed.take()
    }
    const report = feed.hz()
    expect(report).toMatchObject({
      messages: 10,
      mean: 100,
      min: 90,
      max: 110,
      p50: 100,
      time: null,
      lost: null,
    })
    expect(report.deviation).toBeCloseTo(Math.sqrt(50), 9)
    expect(report.rate).toBeCloseTo(10, 9)
  })

  test('are unknown before the second message', () => {
    const feed = new Feed()
    feed.take()
    expect(feed.hz()).toMatchObject({ rate: null, messages: null, mean: null, received: 1, silent: 0 })
  })

  test('fall when nothing comes any more, and are not those of a minute ago', () => {
    const feed = new Feed()
    for (let message = 0; message < 11; message++) {
      feed.take()
      feed.nowMs += 100
    }
    const before = feed.hz().messages ?? 0
    feed.nowMs += 4000
    expect(feed.hz().messages ?? 0).toBeLessThan(before / 3)
    feed.nowMs += 60_000
    expect(feed.hz()).toMatchObject({ rate: null, messages: null, received: 11 })
    expect(feed.hz().silent).toBeGreaterThan(60_000)
  })

  test('of values that come in bursts is that of all of them', () => {
    const feed = new Feed(60_000)
    for (let burst = 0; burst < 100; burst++) {
      for (let message = 0; message < 12; message++) feed.take()
      feed.nowMs += 100
    }
    expect(Math.round(feed.hz().messages ?? 0)).toBe(120)
  })

  test('are told twice: as values arrive, and as they were made by the time they carry', () => {
    const feed = new Feed()
    // Made every 10 ms, and held up on the way: they come in pairs.
    for (let seq = 0; seq < 100; seq++) {
      if (seq % 2 === 0) feed.nowMs += 20
      feed.take({ epoch: 1, seq, time: 5 + seq * 0.01 })
    }
    const { deviation, time } = feed.hz()
    expect(deviation).toBeCloseTo(10, 1)
    expect(time?.rate).toBeCloseTo(100, 6)
    expect(time?.deviation).toBeCloseTo(0, 6)
  })

  test('count values and messages apart where values share messages', () => {
    const feed = new Feed()
    for (let message = 0; message < 11; message++) {
      feed.take({ epoch: 1, seq: message * 50, values: 50, time: 5 + message * 0.5, interval: 0.01 })
      feed.nowMs += 500
    }
    const { rate, messages, time, received } = feed.hz()
    expect({ rate, messages, received }).toMatchObject({ messages: 2, rate: 100, received: 550 })
    expect(time?.rate).toBeCloseTo(100, 6)
    expect(time?.mean).toBeCloseTo(10, 6)
    expect(time?.deviation).toBeCloseTo(0, 6)
  })

  test('do not count as lost what a relay says it has left out', () => {
    const feed = new Feed()
    feed.take({ epoch: 1, seq: 0 })
    feed.take({ epoch: 1, seq: 6, withheld: 3 })
    expect(feed.hz()).toMatchObject({ received: 2, lost: 2 })
  })

  test('tell the rate at which values were sent, although some of them were lost', () => {
    const feed = new Feed()
    for (let seq = 0; seq < 100; seq++) {
      feed.nowMs += 10
      if (seq % 4 !== 1) feed.take({ epoch: 1, seq, time: 5 + seq * 0.01 })
    }
    const { rate, lost, time } = feed.hz()
    expect(lost).toBe(25)
    expect(rate).toBeLessThan(80)
    expect(time?.rate).toBeCloseTo(100, 6)
    // Across a gap no single interval is known.
    expect(time?.max).toBeCloseTo(10, 6)
  })

  test('count restarts, and no loss for them', () => {
    const feed = new Feed()
    for (const [epoch, seq] of [
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
    ] as const) {
      feed.nowMs += 10
      feed.take({ epoch, seq, time: feed.nowMs / 1000 })
    }
    expect(feed.hz()).toMatchObject({ restarts: 1, lost: 0, received: 4 })
  })

  test('leave out what is sent again for others', () => {
    const feed = new Feed()
    for (const seq of [0, 1, 2]) {
      feed.take({ epoch: 1, seq, time: seq })
      feed.take({ epoch: 1, seq, time: seq, retained: true })
      feed.nowMs += 100
    }
    expect(feed.hz()).toMatchObject({ messages: 10, received: 3, lost: 0 })
    expect(feed.account.retained).toBe(3)
  })

  test('begin once this process reads as fast as it can, so that what waited at the start does not count', () => {
    const feed = new Feed()
    feed.isSettled = false
    for (let seq = 0; seq < 50; seq++) feed.take({ epoch: 1, seq, time: 5 + seq * 0.01 })
    feed.isSettled = true
    for (let seq = 50; seq < 61; seq++) {
      feed.nowMs += 10
      feed.take({ epoch: 1, seq, time: 5 + seq * 0.01 })
    }
    const { messages, min, time, received } = feed.hz()
    expect({ messages, received }).toEqual({ messages: 100, received: 61 })
    expect(min).toBeCloseTo(10, 6)
    expect(time?.rate).toBeCloseTo(100, 6)
  })

  test('say that time went back, and do not count it as an interval', () => {
    const feed = new Feed()
    for (const [seq, time] of [10, 10.1, 4, 4.1].entries()) {
      feed.nowMs += 100
      feed.take({ epoch: 1, seq, time })
    }
    expect(feed.account.backwards).toBe(1)
    expect(feed.hz().time?.max).toBeCloseTo(100, 6)
  })
})

test('bytes are counted a message and a second', () => {
  const feed = new Feed()
  for (const bytes of [100, 300, 200]) {
    feed.take({ bytes })
    feed.nowMs += 500
  }
  const report = reportBw(feed.account, feed.nowMs, { messages: 2, behind: false })
  expect(report).toMatchObject({ rate: 400, mean: 200, min: 100, max: 300, bytes: 600, received: 3 })
})

describe('delay', () => {
  function delayed(aheadSeconds: number, ...delaysMs: number[]): Feed {
    const feed = new Feed()
    feed.aheadSeconds = aheadSeconds
    for (const [seq, delayMs] of delaysMs.entries()) {
      feed.nowMs += 100
      feed.take({ epoch: 1, seq, time: (feed.nowMs - delayMs) / 1000 })
    }
    return feed
  }

  test('is from the time of a value to its arrival', () => {
    const { account, nowMs } = delayed(0, 5.6, 6, 7, 25.6)
    const report = reportDelay(account, nowMs, undefined)
    expect(report).toMatchObject({ offset: null, error: null, clocksDiffer: false, count: 4 })
    expect([report?.min, report?.p50, report?.max].map((ms) => Math.round(ms ?? 0))).toEqual([6, 6, 26])
    expect(report?.above?.max).toBeCloseTo(20, 3)
    expect(report?.histogram).toEqual([
      { below: 10, count: 3 },
      { below: 20, count: 0 },
      { below: 50, count: 1 },
    ])
  })

  test('is without the difference between the clocks, where the publisher tells its own', () => {
    // The clock here is 500 ms ahead of the publisher's.
    const { account, nowMs } = delayed(0.5, 5, 6, 7)
    const report = reportDelay(account, nowMs, { ms: -500, newestWayMs: 1, errorMs: 0.2 })
    expect(report?.p50).toBeCloseTo(6, 3)
    expect(report).toMatchObject({ offset: -500, error: 0.2, clocksDiffer: false })
  })

  test('says that clocks differ where values arrive before they were made, and what is true all the same', () => {
    const { account, nowMs } = delayed(-0.5, 5, 6, 20)
    const report = reportDelay(account, nowMs, undefined)
    expect(report).toMatchObject({ clocksDiffer: true, offset: null })
    expect(report?.above?.max).toBeCloseTo(15, 3)
  })

  test('says so where the time of values is not that of their capture', () => {
    const { account, nowMs } = delayed(0, 7_200_000)
    expect(reportDelay(account, nowMs, undefined)).toMatchObject({ isOld: true, clocksDiffer: false })
  })

  test('is unknown where messages carry no time', () => {
    const feed = new Feed()
    feed.take()
    expect(reportDelay(feed.account, feed.nowMs, undefined)).toBeUndefined()
  })
})

describe('the difference between clocks', () => {
  test('is taken from the answer with the shortest way, and is known to half of that way', () => {
    const clocks = new ClockOffsets()
    clocks.add(100, 130.4, 101, 1000)
    clocks.add(200, 230.05, 200.1, 2000)
    clocks.add(300, 330.4, 300.5, 3000)
    const read = clocks.read(3000)
    expect(read?.ms).toBeCloseTo(30_000, 6)
    expect(read?.errorMs).toBeCloseTo(50, 6)
    expect(read?.newestWayMs).toBeCloseTo(500, 6)
  })

  test('is forgotten after a minute, as clocks drift', () => {
    const clocks = new ClockOffsets()
    clocks.add(100, 100, 100.001, 1000)
    expect(clocks.read(60_000)).toBeDefined()
    expect(clocks.read(62_000)).toBeUndefined()
  })

  test('is not taken from a question that was asked after its answer: the clock was set meanwhile', () => {
    const clocks = new ClockOffsets()
    clocks.add(100, 100, 90, 1000)
    expect(clocks.read(1000)).toBeUndefined()
  })
})
