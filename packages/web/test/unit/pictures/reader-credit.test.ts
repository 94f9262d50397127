import { describe, expect, test } from '@jest/globals'
import { frameEnvelope } from '@zcast/testing/streams/envelopes'
import { LivePictures, type LivePicture } from '../../../src/pictures/live-pictures.ts'
import { ReaderAccounts } from '../../../src/pictures/reader-accounts.ts'
import { ReaderCredit, type ReaderCreditOptions } from '../../../src/pictures/reader-credit.ts'

/** Makes the pictures of a stream, numbered from 1. */
function makePictures(topic = 'video/main'): () => LivePicture {
  const pictures = new LivePictures()
  return () => {
    pictures.add(frameEnvelope(0, { topic }))
    return pictures.newest(topic) as LivePicture
  }
}

interface Way {
  /** How long a picture takes to be sent, one after the other. */
  readonly pictureMs: number
  /** There and back. */
  readonly wayMs: number
  readonly forMs: number
}

/** Shows 30 pictures a second to a reader at the end of a way. */
function play(credit: ReaderCredit, { pictureMs, wayMs, forMs }: Way): { mostInFlight: number } {
  const next = makePictures()
  const back: { number: number; atMs: number }[] = []
  let [freeMs, mostInFlight] = [0, 0]
  let newest: LivePicture | undefined
  let last: LivePicture | undefined
  for (let nowMs = 0; nowMs < forMs; nowMs++) {
    if (nowMs % 33 === 0) newest = Object.create(next(), { receivedAtMs: { value: nowMs } }) as LivePicture
    while (back[0] && back[0].atMs <= nowMs) credit.acknowledged(back.shift()?.number, nowMs)
    if (!newest || newest === last) continue
    if (!credit.hasRoom) credit.waits()
    else {
      credit.sent(newest, nowMs)
      last = newest
      freeMs = Math.max(freeMs, nowMs) + pictureMs
      back.push({ number: newest.number, atMs: freeMs + wayMs })
    }
    mostInFlight = Math.max(mostInFlight, credit.inFlight)
  }
  return { mostInFlight }
}

const open = (options: Partial<ReaderCreditOptions> = {}): ReaderCredit =>
  new ReaderCredit({ kind: 'websocket', ...options })

describe('what is on its way to a reader', () => {
  test('is a picture or two on a short way, and the network is used all the same', () => {
    const credit = open()
    const { mostInFlight } = play(credit, { pictureMs: 233, wayMs: 2, forMs: 20_000 })
    expect(mostInFlight).toBe(2)
    expect(credit.report().sent).toBeGreaterThan((20_000 / 233) * 0.95)
  })

  test('is as many as fill a long way', () => {
    const credit = open()
    const { mostInFlight } = play(credit, { pictureMs: 37, wayMs: 100, forMs: 20_000 })
    expect(mostInFlight).toBeLessThan(7)
    expect(credit.report().sent).toBeGreaterThan((20_000 / 37) * 0.85)
  })

  test('is never more than the channel carries', () => {
    expect(play(open({ most: 1 }), { pictureMs: 37, wayMs: 100, forMs: 5000 }).mostInFlight).toBe(1)
  })

  test('is one more where pictures arrive soon, for a reader of whom that is seen late', () => {
    const credit = open({ oneMoreBelowMs: 150 })
    const next = makePictures()
    credit.sent(next(), 0)
    expect(credit.hasRoom).toBe(false)
    credit.acknowledged(1, 60)
    credit.sent(next(), 60)
    expect(credit.hasRoom).toBe(true)
    credit.acknowledged(2, 300)
    credit.sent(next(), 300)
    expect(credit.hasRoom).toBe(false)
  })

  test('has arrived with each later picture, and with no number the oldest has', () => {
    const credit = open()
    const next = makePictures()
    for (let index = 0; index < 4; index++) credit.sent(next(), 0)
    credit.acknowledged(99, 1)
    expect(credit.inFlight).toBe(4)
    credit.acknowledged(undefined, 1)
    expect(credit.inFlight).toBe(3)
    credit.acknowledged(3, 1)
    expect(credit.inFlight).toBe(1)
    credit.acknowledged(3, 1)
    expect(credit.inFlight).toBe(1)
  })
})

describe('the account of a reader', () => {
  test('adds up: what came is what was sent and what was withheld', () => {
    const credit = open()
    const next = makePictures()
    // The first that it is sent is the third that came.
    for (let number = 1; number < 3; number++) next()
    credit.sent(next(), 0)
    for (let number = 4; number < 8; number++) next()
    credit.sent(next(), 0)
    credit.sent(next(), 0)
    expect(credit.report()).toMatchObject({ topic: 'video/main', sent: 3, withheld: 4 })
  })

  test('has nothing of what came while it rested, or of another stream', () => {
    const credit = open()
    const [next, other] = [makePictures(), makePictures('video/back')]
    credit.sent(next(), 0)
    for (let number = 2; number < 8; number++) next()
    credit.rest()
    expect(credit.inFlight).toBe(0)
    credit.sent(next(), 0)
    for (let number = 1; number < 20; number++) other()
    credit.sent(other(), 0)
    expect(credit.report()).toMatchObject({ topic: 'video/back', sent: 3, withheld: 0 })
  })

  test('says what is wanted and what gets there, while that is less', () => {
    const slow = open()
    play(slow, { pictureMs: 233, wayMs: 2, forMs: 5000 })
    const { network } = slow.report()
    expect(network?.wanted).toBeCloseTo(30.3, -1)
    expect(network?.carried).toBeCloseTo(4.3, 0)
    const fast = open()
    play(fast, { pictureMs: 10, wayMs: 2, forMs: 5000 })
    expect(fast.report()).toMatchObject({ withheld: 0, network: null })
    slow.rest()
    expect(slow.report().network).toBeNull()
  })

  test('is in the sums when the reader has gone', () => {
    const accounts = new ReaderAccounts()
    const [one, two] = [open(), open({ kind: 'mjpeg' })]
    const next = makePictures()
    const leave = accounts.add(one)
    accounts.add(two)
    for (const credit of [one, two, two]) credit.sent(next(), 0)
    leave()
    expect(accounts.reports().map(({ kind }) => kind)).toEqual(['mjpeg'])
    expect([accounts.count('websocket'), accounts.count('mjpeg')]).toEqual([0, 1])
    expect(accounts.totals('websocket')).toEqual({ sent: 1, withheld: 0 })
    expect(accounts.totals('mjpeg')).toEqual({ sent: 2, withheld: 0 })
  })
})
