import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import {
  type Envelope,
  MemoryTransport,
  MsgpackCodec,
  type PublishSocket,
  type SubscribeSocket,
} from '@zcast/shared'
import { formatLaneRequest, laneTopic } from '@zcast/shared/internal'
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
  const onOpen = jest.fn()

  beforeEach(async () => {
    onChange.mockClear()
    onOpen.mockClear()
    const transport = new MemoryTransport()
    publisher = await transport.openPublish({ bind: ['inproc://x'] })
    subscriber = await transport.openSubscribe({ connect: ['inproc://x'] })
    sent = jest.spyOn(publisher, 'send')
    const epochs = new Map([[topic, 7]])
    lanes = new Lanes({ socket: publisher, codec: new MsgpackCodec(), epochs, onOpen, onChange })
  })

  afterEach(() => lanes.close())

  function ask(number: number, of: { epoch?: number; topic?: string } = {}): void {
    subscriber.subscribe(laneTopic(token(number)))
    const [name, key] = [token(number), token(1000 + number)]
    subscriber.tell(formatLaneRequest({ type: 'open', name, key, epoch: 7, topic, ...of }))
  }

  function offer(seq: number): void {
    lanes.offer(picture(seq), new MsgpackCodec().encode({ ...picture(seq), lanes: true }))
  }

  function acknowledge(number: number, seq: number): void {
    subscriber.tell(formatLaneRequest({ type: 'acknowledge', key: token(1000 + number), seq }))
  }

  const topics = (): string[] => sent.mock.calls.map(([message]) => Buffer.from(message[0] ?? []).toString())

  test('a lane has a topic of its own, on which each picture waits for the one before', () => {
    ask(1)
    for (let seq = 0; seq < 9; seq++) offer(seq)
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

  test('whoever asks which lanes there are is told of each topic, and shown no picture of it', async () => {
    subscriber.subscribe(laneTopic(token(1)))
    subscriber.tell(formatLaneRequest({ type: 'ask', name: token(1), subscription: 'video/' }))
    subscriber.tell(formatLaneRequest({ type: 'ask', name: token(1), subscription: 'video/other' }))
    subscriber.tell(formatLaneRequest({ type: 'ask', name: token(1), subscription: topic }))
    expect(topics()).toEqual([`${laneTopic(token(1))}${topic}`, `${laneTopic(token(1))}${topic}`])
    const [, ...parts] = sent.mock.calls[0]?.[0] ?? []
    expect(new MsgpackCodec().decode([Buffer.from(topic), ...parts])).toMatchObject({
      topic,
      epoch: 7,
      answer: true,
      retained: true,
      lanes: true,
      block: { width: 1, height: 1 },
    })
  })

  test('a lane is told of a picture that is sent again only until it has one', () => {
    ask(1)
    expect(onOpen.mock.calls).toEqual([[topic]])
    lanes.repeat({ ...picture(4), retained: true })
    offer(5)
    lanes.repeat({ ...picture(5), retained: true })
    expect(topics()).toHaveLength(2)
  })

  test('counts who receives a topic, once however many lanes it has', () => {
    ask(1)
    ask(2)
    expect([lanes.count([topic]), lanes.count(['video/other'])]).toEqual([2, 0])
  })

  test('those that need none are asked to turn back where there are more than sixteen', () => {
    const announced = (): boolean => Buffer.from(sent.mock.calls.at(-1)?.[0][1] ?? []).includes('lanes')
    for (let number = 0; number < 16; number++) ask(number)
    offer(0)
    expect(announced()).toBe(true)
    ask(16)
    offer(1)
    expect(announced()).toBe(false)
  })

  test('there are 64 at the most, and none is offered then', () => {
    for (let number = 0; number < 100; number++) ask(number)
    expect(lanes.isOpen).toBe(false)
    offer(0)
    expect(topics()).toHaveLength(64)
    subscriber.unsubscribe(laneTopic(token(0)))
    expect(lanes.isOpen).toBe(true)
  })

  test('whoever asks for a lane again and again gets one', () => {
    for (let times = 0; times < 100; times++) ask(1)
    offer(0)
    expect(topics()).toHaveLength(1)
  })

  test('at its end what was left out last is told with one more picture', () => {
    ask(1)
    offer(0)
    offer(1)
    subscriber.tell(formatLaneRequest({ type: 'end', key: token(1001) }))
    expect(topics()).toHaveLength(2)
    offer(2)
    expect(topics()).toHaveLength(2)
  })

  test('one on which nothing is acknowledged ends after ten seconds', () => {
    jest.useFakeTimers()
    ask(1)
    offer(0)
    jest.advanceTimersByTime(9000)
    expect(lanes.wants(topic)).toBe(true)
    jest.advanceTimersByTime(3000)
    expect(lanes.wants(topic)).toBe(false)
    jest.useRealTimers()
  })
})
