import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { readSoundPieces } from '../../../assets/sound/sound-pieces.js'
import { LiveSounds } from '../../../src/sound/live-sounds.ts'
import { SoundListener } from '../../../src/sound/sound-listener.ts'
import { FakeChannel } from '../../support/fake-channel.ts'
import { soundBlock } from '../../support/sounds.ts'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

function setUp(maxInFlight = Number.POSITIVE_INFINITY) {
  const channel = new FakeChannel()
  channel.maxInFlight = maxInFlight
  const sounds = new LiveSounds()
  const readers = { count: 0, join: () => (readers.count++, () => void readers.count--) }
  const listener = new SoundListener(channel, sounds, readers, 'audio/main')
  /** Adds pieces of 20 ms. */
  const play = (from: number, to: number, topic = 'audio/main'): void => {
    for (let seq = from; seq <= to; seq++) sounds.add(topic, soundBlock(seq))
  }
  /** The sequence numbers of what each message holds. */
  const sent = (): number[][] =>
    channel.sent
      .filter((message) => typeof message !== 'string')
      .map((message) => readSoundPieces(message.buffer as ArrayBuffer).map(({ seq }) => seq))
  return { channel, sounds, readers, listener, play, sent }
}

describe('a page that listens', () => {
  test('is sent each piece of its stream as it comes, from when it asks until it rests', () => {
    const { channel, readers, play, sent } = setUp()
    play(0, 2)
    expect(readers.count).toBe(0)
    channel.say('next')
    expect(readers.count).toBe(1)
    play(3, 5)
    play(9, 9, 'audio/other')
    channel.say('rest')
    expect(readers.count).toBe(0)
    play(6, 8)
    expect(sent()).toEqual([[3], [4], [5]])
  })

  test('is not sent what came before, and was repeated', () => {
    const { channel, sounds, sent } = setUp()
    channel.say('next')
    sounds.add('audio/main', soundBlock(1), true)
    expect(sent()).toEqual([])
    expect(sounds.topics).toEqual(['audio/main'])
  })

  test('has a second on its way and the newest second waiting, and is told what was left out', () => {
    const { channel, listener, play, sent } = setUp()
    channel.say('next')
    play(1, 200)
    expect(sent().flat()).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
    channel.say('next 25')
    expect(sent().slice(50)).toEqual([Array.from({ length: 25 }, (_, index) => index + 151)])
    const [first] = readSoundPieces((channel.sent.at(-1) as Uint8Array).buffer as ArrayBuffer)
    expect(first).toMatchObject({ number: 51, leftOut: 100 })
    expect(listener.report()).toEqual({ topic: 'audio/main', sent: 75, leftOut: 100 })
  })

  test('holds no more than a mebibyte, however much a second is', () => {
    const { channel, sounds, listener } = setUp()
    channel.say('next')
    channel.bufferedBytes = 1
    for (let seq = 0; seq < 40; seq++)
      sounds.add('audio/main', soundBlock(seq, { rate: 384_000, channels: 4 }))
    // 61,440 bytes each.
    expect(listener.report()).toMatchObject({ sent: 0, leftOut: 40 - 17 })
  })

  test('waits for what the system has not taken, and goes on once it has', () => {
    const { channel, play, sent } = setUp()
    channel.say('next')
    channel.bufferedBytes = 1
    play(1, 3)
    expect(sent()).toEqual([])
    channel.flush()
    expect(sent()).toEqual([[1, 2, 3]])
  })

  test('is sent a tenth of a second at once where each message takes a request', () => {
    const { channel, play, sent } = setUp(1)
    channel.say('next')
    play(1, 4)
    expect(sent()).toEqual([])
    play(5, 12)
    expect(sent()).toEqual([[1, 2, 3, 4, 5]])
    channel.say('next 5')
    expect(sent()[1]).toEqual([6, 7, 8, 9, 10, 11, 12])
  })

  test('that says nothing for half a minute is not listening; one that hears nothing is', () => {
    const { channel, readers, play } = setUp()
    channel.say('next')
    jest.advanceTimersByTime(60_000)
    expect(readers.count).toBe(1)
    play(1, 1)
    jest.advanceTimersByTime(30_000)
    expect(readers.count).toBe(0)
    channel.say('next 1')
    expect(readers.count).toBe(1)
  })

  test('leaves with its connection', () => {
    const { channel, readers, sounds } = setUp()
    channel.say('next')
    channel.close()
    expect(readers.count).toBe(0)
    sounds.add('audio/main', soundBlock(1))
    expect(channel.sent).toEqual([])
  })

  test('is told the time, and is closed when it says anything else', () => {
    const { channel } = setUp()
    channel.say('clock 12.5')
    expect(JSON.parse(channel.sent[0] as string)).toEqual({
      type: 'clock',
      asked: 12.5,
      time: expect.any(Number),
    })
    channel.say('louder')
    expect(channel.closedWith).toBe(1008)
  })
})

describe('the streams of sound', () => {
  test('are at most 64: the one heard least recently is forgotten', () => {
    const sounds = new LiveSounds()
    for (let stream = 0; stream < 64; stream++) sounds.add(`audio/${stream}`, soundBlock(0))
    sounds.add('audio/0', soundBlock(1))
    sounds.add('audio/new', soundBlock(0))
    expect(sounds.topics).toHaveLength(64)
    expect(sounds.topics).toEqual(expect.arrayContaining(['audio/0', 'audio/new']))
    expect(sounds.topics).not.toContain('audio/1')
  })

  test('leave out Opus, which pages cannot play', () => {
    const sounds = new LiveSounds()
    sounds.add('audio/main', { ...soundBlock(0), format: 'opus' })
    expect(sounds.topics).toEqual([])
  })
})
