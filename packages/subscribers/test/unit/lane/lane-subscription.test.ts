import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { type Envelope, type NetworkReading, type SubscribeSocket, wallClock } from '@zcast/shared'
import { LaneSubscription } from '../../../src/lane/lane-subscription.ts'

const EPOCH = 7

/** What is said to the publisher, with the tokens left out: they are drawn at random. */
class FakeSocket implements Pick<SubscribeSocket, 'subscribe' | 'unsubscribe' | 'tell'> {
  readonly said: string[] = []
  /** The name of the newest lanes. */
  name = ''

  subscribe(prefix: string): void {
    if (prefix.startsWith('!lane/')) this.name = prefix.slice(6, -1)
    this.#say(`+${prefix}`)
  }

  unsubscribe(prefix: string): void {
    this.#say(`-${prefix}`)
  }

  tell(told: Uint8Array): void {
    this.#say(Buffer.from(told).toString())
  }

  #say(text: string): void {
    this.said.push(text.replaceAll(/[\w-]{22}/g, '*'))
  }
}

describe('LaneSubscription', () => {
  let socket: FakeSocket
  let readings: (NetworkReading | undefined)[]
  let subscriptions: LaneSubscription[]

  beforeEach(() => {
    // The same time for each test, and late enough for the clock to be set by it: it would otherwise be set in the middle
    // of a test, by as much as the tests before have taken.
    jest.useFakeTimers({ now: 1_785_000_000_000 })
    jest.advanceTimersByTime(3_600_000)
    wallClock()
    socket = new FakeSocket()
    readings = []
    subscriptions = []
  })

  afterEach(() => {
    for (const subscription of subscriptions) subscription.close()
    jest.useRealTimers()
  })

  function open(of: string, startsOnLanes: boolean, staysOnTopics = false): LaneSubscription {
    const onNetwork = (_: string, reading: NetworkReading | undefined): unknown => readings.push(reading)
    const subscription = new LaneSubscription(of, {
      socket: socket as unknown as SubscribeSocket,
      startsOnLanes,
      staysOnTopics,
      onNetwork,
    })
    subscriptions.push(subscription)
    return subscription
  }

  function envelope(topic: string, more: Partial<Envelope> = {}, seq = 0, ageMs = 0): Envelope {
    const time = (Date.now() - ageMs) / 1000
    const data = Buffer.alloc(1)
    const block = { kind: 'video', seq, time, width: 1, height: 1, format: 'jpeg', data } as const
    return { topic, epoch: EPOCH, lanes: true, block, ...more }
  }

  function answer(subscription: LaneSubscription, topic: string, lanes = true): void {
    subscription.answered(envelope(topic, { answer: true, lanes }), socket.name)
  }

  /** Pictures that come each later than the one before. @returns The next number. */
  function slowDown(subscription: LaneSubscription, more: Partial<Envelope> = {}): void {
    for (let seq = 0; seq < 6; seq++) {
      jest.advanceTimersByTime(233)
      subscription.arrived(envelope('video/main', more, seq, seq * 200), undefined, false)
    }
  }

  /** A picture each 33 ms on the lane, of which all have come. */
  function goOn(
    subscription: LaneSubscription,
    forMs: number,
    { more = {}, from = 0 }: { more?: Partial<Envelope>; from?: number } = {},
  ): void {
    for (let seq = from; seq < from + forMs / 33; seq++) {
      jest.advanceTimersByTime(33)
      subscription.arrived(envelope('video/main', more, seq), socket.name, false)
    }
  }

  test('subscribes at once where the network is none', () => {
    open('video/main', false).start(false)
    expect(socket.said).toEqual(['+video/main'])
  })

  test('asks for a lane before anything else where the network may be slow, once the publisher is there', () => {
    const subscription = open('video/main', true)
    subscription.start(false)
    expect(socket.said).toEqual([])
    subscription.start(true)
    expect(socket.said).toEqual(['+!lane/*/', '!lanes * video/main'])
    answer(subscription, 'video/main')
    jest.advanceTimersByTime(1000)
    expect(socket.said.slice(2)).toEqual([`!lane * * ${EPOCH} video/main`])
    subscription.arrived(envelope('video/main', {}, 4), socket.name, false)
    expect(socket.said.at(-1)).toBe('!ack * 4')
  })

  test('subscribes where nobody answers, and takes an answer that comes late', () => {
    const subscription = open('video/main', true)
    subscription.start(true)
    jest.advanceTimersByTime(301)
    expect(socket.said.at(-1)).toBe('+video/main')
    answer(subscription, 'video/main')
    expect(socket.said.slice(-2)).toEqual([`!lane * * ${EPOCH} video/main`, '-video/main'])
  })

  test('subscribes at once where the publisher has no more lanes', () => {
    const subscription = open('video/main', true)
    subscription.start(true)
    answer(subscription, 'video/main', false)
    expect(socket.said.at(-1)).toBe('+video/main')
    jest.advanceTimersByTime(301)
    subscription.arrived(envelope('video/main'), undefined, false)
    expect(socket.said).toHaveLength(3)
  })

  test('asks once more when a stream begins after nobody has answered', () => {
    const subscription = open('video/main', true)
    subscription.start(true)
    jest.advanceTimersByTime(301)
    for (let seq = 0; seq < 3; seq++) subscription.arrived(envelope('video/main', {}, seq), undefined, false)
    expect(socket.said.slice(2)).toEqual(['+video/main', '!lanes * video/main'])
  })

  test('an answer to others, and one before that was taken back, is none', () => {
    const subscription = open('video/main', true)
    subscription.start(true)
    subscription.answered(envelope('video/main', { answer: true }), 'x'.repeat(22))
    const { name } = socket
    subscription.stop()
    subscription.answered(envelope('video/main', { answer: true }), name)
    expect(socket.said).toEqual(['+!lane/*/', '!lanes * video/main', '-!lane/*/'])
  })

  test('exchanges the topic for a lane when pictures come ever later', () => {
    const subscription = open('video/main', false)
    subscription.start(true)
    slowDown(subscription)
    expect(socket.said.slice(1)).toEqual(['+!lane/*/', `!lane * * ${EPOCH} video/main`, '-video/main'])
  })

  test('who wants every picture never leaves the topic, and is told what the network carries', () => {
    const subscription = open('video/main', true, true)
    subscription.start(true, true)
    for (let seq = 0; seq < 12; seq++) {
      jest.advanceTimersByTime(233)
      subscription.arrived(envelope('video/main', {}, seq * 7, seq * 200), undefined, false)
    }
    expect(socket.said).toEqual(['+video/main'])
    expect(readings.at(-1)).toMatchObject({ carried: expect.any(Number) })
  })

  test('and stays with it where there is none, or where somebody else uses the topic', () => {
    const subscription = open('video/main', false)
    subscription.start(true)
    slowDown(subscription, { lanes: undefined })
    subscription.arrived(envelope('video/main', {}, 6, 2000), undefined, true)
    expect(socket.said).toEqual(['+video/main'])
  })

  test('turns back soon where a forwarder drops what is said, and does not ask again at once', () => {
    const subscription = open('video/main', false)
    subscription.start(true)
    slowDown(subscription)
    jest.advanceTimersByTime(2500)
    expect(socket.said.slice(4)).toEqual(['+video/main', '!end *', '-!lane/*/'])
    slowDown(subscription)
    expect(socket.said).toHaveLength(7)
  })

  test('keeps lanes that nobody needs while there is room, and no longer', () => {
    const subscription = open('video/main', true)
    subscription.start(true)
    answer(subscription, 'video/main')
    goOn(subscription, 20_000)
    expect(socket.said).not.toContain('+video/main')
    goOn(subscription, 100, { more: { lanes: undefined }, from: 700 })
    expect(socket.said.filter((text) => !text.startsWith('!ack'))).toEqual([
      '+!lane/*/',
      '!lanes * video/main',
      `!lane * * ${EPOCH} video/main`,
    ])
    goOn(subscription, 11_000, { more: { lanes: undefined }, from: 704 })
    expect(socket.said).toContain('+video/main')
  })

  test('says nothing of the network while a long way is filled for the first time', () => {
    const subscription = open('video/main', true)
    subscription.start(true)
    answer(subscription, 'video/main')
    for (let seq = 0; seq < 15; seq++) {
      jest.advanceTimersByTime(99)
      subscription.arrived(envelope('video/main', {}, seq * 3), socket.name, false)
    }
    goOn(subscription, 4000, { from: 45 })
    expect(readings).toEqual([])
  })

  test('says what the network carries, and that it carries all again', () => {
    const subscription = open('video/main', true)
    subscription.start(true)
    answer(subscription, 'video/main')
    for (let seq = 0; seq < 40; seq += 2) {
      jest.advanceTimersByTime(200)
      subscription.arrived(envelope('video/main', {}, seq), socket.name, false)
    }
    expect(readings.at(-1)).toEqual({ wanted: 10, carried: 5 })
    goOn(subscription, 5000, { from: 40 })
    expect(readings.at(-1)).toBeUndefined()
  })

  test('a whole kind has a lane for each topic that runs, and hears of further ones', () => {
    const subscription = open('video/', true)
    subscription.start(true)
    answer(subscription, 'video/a')
    answer(subscription, 'video/b')
    answer(subscription, 'video/a')
    const opened = (): string[] => socket.said.filter((text) => text.startsWith('!lane '))
    expect(opened()).toEqual([`!lane * * ${EPOCH} video/a`, `!lane * * ${EPOCH} video/b`])
    jest.advanceTimersByTime(2000)
    expect(socket.said.at(-1)).toBe('!lanes * video/')
    answer(subscription, 'video/c')
    expect(opened()).toHaveLength(3)
    expect(socket.said).not.toContain('+video/')
  })

  test('stays with the topics of a kind where one of them has no lane', () => {
    const subscription = open('video/', false)
    subscription.start(true)
    subscription.arrived(envelope('video/foreign', { lanes: undefined }), undefined, false)
    slowDown(subscription)
    expect(socket.said).toEqual(['+video/'])
  })

  test('a kind of more than sixteen topics is subscribed to', () => {
    const subscription = open('video/', true)
    subscription.start(true)
    for (let index = 0; index < 17; index++) answer(subscription, `video/${index}`)
    expect(socket.said).toContain('+video/')
    expect(socket.said.filter((text) => text === '!end *')).toHaveLength(16)
  })

  test('topics of a kind that have ended make room for others', () => {
    const subscription = open('video/', false)
    subscription.start(true)
    for (let index = 0; index < 17; index++)
      subscription.arrived(envelope(`video/${index}`), undefined, false)
    jest.advanceTimersByTime(6000)
    slowDown(subscription)
    expect(socket.said.slice(1)).toEqual(['+!lane/*/', `!lane * * ${EPOCH} video/main`, '-video/'])
  })

  test('stays with the topics of a kind while more than sixteen come', () => {
    const subscription = open('video/', false)
    subscription.start(true)
    subscription.arrived(envelope('video/main'), undefined, false)
    for (let index = 0; index < 16; index++)
      subscription.arrived(envelope(`video/${index}`), undefined, false)
    slowDown(subscription)
    expect(socket.said).toEqual(['+video/'])
  })

  test('takes back that the network is slow when a topic without a lane is closed', () => {
    const subscription = open('video/main', false)
    subscription.start(true)
    for (let seq = 0; seq < 12; seq += 2) {
      jest.advanceTimersByTime(400)
      subscription.arrived(envelope('video/main', { lanes: undefined }, seq, seq * 100), undefined, false)
    }
    expect(readings.at(-1)).toBeDefined()
    const count = readings.length
    subscription.stop()
    expect(readings.slice(count)).toStrictEqual([undefined])
  })

  test('asks anew when the publisher has come back', () => {
    const subscription = open('video/main', true)
    subscription.start(true)
    answer(subscription, 'video/main')
    subscription.disconnected()
    subscription.start(false)
    expect(socket.said.slice(3)).toEqual(['!end *', '-!lane/*/'])
    subscription.start(true)
    expect(socket.said.slice(5)).toEqual(['+!lane/*/', '!lanes * video/main'])
  })

  test('goes on with the topics while no publisher is there, where it did not begin with lanes', () => {
    const subscription = open('video/main', false)
    subscription.start(true)
    slowDown(subscription)
    subscription.disconnected()
    subscription.start(false)
    expect(socket.said.slice(4)).toEqual(['+video/main', '!end *', '-!lane/*/'])
  })
})
