import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import {
  formatLaneRequest,
  laneTopic,
  MemoryTransport,
  MsgpackCodec,
  type Envelope,
  type PublishSocket,
  type SubscribeSocket,
} from '@zcast/shared'
import { Lanes } from '../../../src/lanes/lanes.ts'
import { frame } from '@zcast/testing/streams/list-source'

const topic = 'video/main'

function token(number: number): string {
  return String(number).padStart(22, 'x')
}

function picture(seq: number): Envelope {
  return { topic, epoch: 7, block: { ...frame(1), seq } }
}

describe('Lanes', () => {
  let publisher: PublishSocket
  let subscriber: SubscribeSocket
  let lanes: Lanes
  let sent: jest.Spied<PublishSocket['send']>
  const onChange = jest.fn()

  beforeEach(async () => {
    onChange.mockClear()
    const transport = new MemoryTransport()
    publisher = await transport.openPublish({ bind: ['inproc://x'] })
    subscriber = await transport.openSubscribe({ connect: ['inproc://x'] })
    sent = jest.spyOn(publisher, 'send')
    const epochOf = (asked: string): number | undefined => (asked === topic ? 7 : undefined)
    lanes = new Lanes({ socket: publisher, codec: new MsgpackCodec(), epochOf, onChange })
  })

  afterEach(() => lanes.close())

  function ask(number: number, of: { epoch?: number; topic?: string } = {}): void {
    subscriber.subscribe(laneTopic(token(number)))
    const [name, key] = [token(number), token(1000 + number)]
    subscriber.tell(formatLaneRequest({ type: 'open', name, key, epoch: 7, topic, ...of }))
  }

  function acknowledge(number: number, seq: number): void {
    subscriber.tell(formatLaneRequest({ type: 'acknowledge', key: token(1000 + number), seq }))
  }

  const topics = (): string[] => sent.mock.calls.map(([message]) => Buffer.from(message[0] ?? []).toString())

  test('a lane has a topic of its own, on which each picture waits for the one before', () => {
    ask(1)
    for (let seq = 0; seq < 9; seq++) lanes.offer(picture(seq))
    expect(topics()).toEqual([`${laneTopic(token(1))}video/main`])
    acknowledge(1, 0)
    acknowledge(1, 0)
    expect(topics()).toHaveLength(2)
  })

  test('a topic is wanted while it has a lane', () => {
    ask(1)
    expect([lanes.wants(topic), lanes.wants('video/other'), onChange.mock.calls.length]).toEqual([
      true,
      false,
      1,
    ])
    subscriber.unsubscribe(laneTopic(token(1)))
    expect([lanes.wants(topic), onChange.mock.calls.length]).toEqual([false, 2])
  })

  test.each([[{ epoch: 8 }], [{ topic: 'video/other' }]])(
    'none is opened for what does not run here: %j',
    (of) => {
      ask(1, of)
      expect(onChange).not.toHaveBeenCalled()
    },
  )

  test('there are 64 at the most, and none is offered then', () => {
    for (let number = 0; number < 100; number++) ask(number)
    expect(lanes.isOpen).toBe(false)
    lanes.offer(picture(0))
    expect(topics()).toHaveLength(64)
    subscriber.unsubscribe(laneTopic(token(0)))
    expect(lanes.isOpen).toBe(true)
  })

  test('whoever asks for a lane again and again gets one', () => {
    for (let times = 0; times < 100; times++) ask(1)
    lanes.offer(picture(0))
    expect(topics()).toHaveLength(1)
  })

  test('at its end what was left out last is told with one more picture', () => {
    ask(1)
    lanes.offer(picture(0))
    lanes.offer(picture(1))
    subscriber.tell(formatLaneRequest({ type: 'end', key: token(1001) }))
    expect(topics()).toHaveLength(2)
    lanes.offer(picture(2))
    expect(topics()).toHaveLength(2)
  })

  test('one on which nothing is acknowledged ends after ten seconds', () => {
    jest.useFakeTimers()
    ask(1)
    lanes.offer(picture(0))
    jest.advanceTimersByTime(9000)
    expect(lanes.wants(topic)).toBe(true)
    jest.advanceTimersByTime(3000)
    expect(lanes.wants(topic)).toBe(false)
    jest.useRealTimers()
  })
})
