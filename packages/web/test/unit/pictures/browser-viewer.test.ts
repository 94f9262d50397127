import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { frameEnvelope, numbersEnvelope } from '@zcast/testing/streams/envelopes'
import { FakeChannel } from '../../support/fake-channel.ts'
import { BrowserViewer } from '../../../src/pictures/browser-viewer.ts'
import { LivePictures } from '../../../src/pictures/live-pictures.ts'
import { PictureChoice } from '../../../src/pictures/picture-choice.ts'
import { Readers } from '../../../src/pictures/readers.ts'

function setUp(
  topic?: string,
  readers = new Readers(undefined, 0),
): {
  channel: FakeChannel
  viewer: BrowserViewer
  show: (seq: number, of?: string) => void
} {
  const channel = new FakeChannel()
  const pictures = new LivePictures()
  const choice = new PictureChoice({ pictures, readers, renditions: undefined, topic })
  const viewer = new BrowserViewer(channel, choice)
  const show = (seq: number, of = 'video/main'): void => pictures.add(frameEnvelope(seq, { topic: of }))
  return { channel, viewer, show }
}

describe('a browser', () => {
  test('is sent nothing until it asks', () => {
    const { channel, show } = setUp()
    show(0)
    expect(channel.pictures).toEqual([])
    channel.say('next')
    expect(channel.pictures).toEqual([0])
  })

  test('gets one picture for each time it asks, the newest, and none twice', () => {
    const { channel, show } = setUp()
    channel.say('next')
    for (const seq of [0, 1, 2, 3]) show(seq)
    expect(channel.pictures).toEqual([0])
    channel.say('next')
    expect(channel.pictures).toEqual([0, 3])
    channel.say('next')
    channel.say('next')
    expect(channel.pictures).toEqual([0, 3])
    show(4)
    show(5)
    expect(channel.pictures).toEqual([0, 3, 4])
  })

  test('that is far away is sent further pictures while one is on its way, and says which it has shown', () => {
    jest.useFakeTimers()
    const { channel, show, viewer } = setUp()
    channel.say('next')
    let shown = 0
    let most = 0
    for (let number = 1; number <= 300; number++) {
      show(number)
      most = Math.max(most, viewer.credit.inFlight)
      jest.advanceTimersByTime(33)
      // Five pictures later each is on the screen.
      const due = channel.pictures.filter((seq) => seq > shown && seq <= number - 4)
      for (const seq of due) channel.say(`next ${seq}`)
      shown = due.at(-1) ?? shown
    }
    jest.useRealTimers()
    expect(most).toBeGreaterThanOrEqual(4)
    const { sent, withheld } = viewer.credit.report()
    expect(sent).toBeGreaterThan(250)
    expect(channel.pictures.length).toBe(sent)
    expect((channel.pictures.at(-1) ?? 0) - (channel.pictures[0] ?? 0) + 1).toBe(sent + withheld)
  })

  test('that shows nothing more is sent nothing more', () => {
    const { channel, show } = setUp()
    channel.say('next')
    for (let number = 1; number <= 100; number++) show(number)
    channel.say('next 77')
    for (let number = 101; number <= 200; number++) show(number)
    expect(channel.pictures).toEqual([1])
    channel.say('next 1')
    expect(channel.pictures).toEqual([1, 200])
  })

  test('that asks without reading is sent nothing more until the line is free', () => {
    const { channel, show, viewer } = setUp()
    channel.say('next')
    show(0)
    channel.bufferedBytes = 100
    channel.say('next')
    channel.say('clock 1')
    show(1)
    show(2)
    viewer.report(() => 'report')
    expect(channel.sent.length).toBe(1)
    channel.flush()
    expect(channel.pictures).toEqual([0, 2])
  })

  test('hears how its stream is doing, unless it stopped asking', () => {
    const { channel, show, viewer } = setUp()
    const report = (): number => {
      viewer.report(() => 'report')
      return channel.sent.filter((message) => message === 'report').length
    }
    channel.say('next')
    expect(report()).toBe(1)
    expect(report()).toBe(2)
    show(0)
    expect(report()).toBe(3)
    expect(report()).toBe(3)
    channel.say('next')
    expect(report()).toBe(4)
  })

  test('sees the stream it chose', () => {
    const { channel, show } = setUp('video/back')
    channel.say('next')
    show(0, 'video/front')
    show(1, 'video/back')
    expect(channel.pictures).toEqual([1])
  })

  test('is told the time', () => {
    const { channel } = setUp()
    channel.say('clock 12.345')
    expect(JSON.parse(channel.sent[0] as string)).toMatchObject({ type: 'clock', asked: 12.345 })
  })

  test.each(['', 'NEXT', 'next x', 'next -1', 'next 1 2', 'clock', 'clock -1', 'clock 1e9', '{}'])(
    'that says "%s" is cut off',
    (text) => {
      const { channel, show } = setUp()
      channel.say(text)
      expect(channel.closedWith).toBe(1008)
      show(0)
      expect(channel.sent).toEqual([])
    },
  )
})

describe('the newest pictures', () => {
  test('number the pictures of each stream, so that a gap tells what was passed over', () => {
    const pictures = new LivePictures()
    for (const topic of ['video/a', 'video/b', 'video/a']) pictures.add(frameEnvelope(0, { topic }))
    expect(['video/a', 'video/b'].map((topic) => pictures.newest(topic)?.number)).toEqual([2, 1])
    expect(pictures.newest()?.topic).toBe('video/a')
  })

  test('are those of 64 streams at the most, however many are made up', () => {
    const pictures = new LivePictures()
    for (let index = 0; index < 1000; index++) pictures.add(frameEnvelope(0, { topic: `video/${index}` }))
    expect(pictures.topics.length).toBe(64)
    expect(pictures.newest('video/999')).toBeDefined()
  })

  test('leave numbers alone', () => {
    const pictures = new LivePictures()
    pictures.add(numbersEnvelope(0))
    expect(pictures.topics).toEqual([])
  })

  test('are made into a message once, and only when a browser wants it', () => {
    const pictures = new LivePictures()
    const data = new Uint8Array([0xff, 0xd8, 0xff, 0xd9])
    pictures.add({
      topic: 'video/a',
      block: { kind: 'video', seq: 7, time: 1.5, width: 3, height: 2, format: 'jpeg', data },
    })
    const message = pictures.newest()?.message as Uint8Array
    expect(pictures.newest()?.message).toBe(message)
    const view = new DataView(message.buffer)
    const header = [view.getUint8(0), view.getUint8(1), view.getUint16(2, true), view.getUint32(4, true)]
    expect([...header, view.getUint32(8, true)]).toEqual([1, 1, 40, 3, 2])
    expect([16, 24, 32].map((offset) => view.getFloat64(offset, true))).toEqual([1.5, 7, 1])
    expect([...message.subarray(40)]).toEqual([...data])
  })
})

describe('a browser as a reader', () => {
  const subscription = { pause: jest.fn(), resume: jest.fn() }
  beforeEach(() => {
    jest.useFakeTimers()
    jest.resetAllMocks()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  test('is none once it rests, and what comes meanwhile is not withheld from it', () => {
    const { channel, show, viewer } = setUp(undefined, new Readers(subscription, 0))
    channel.say('next')
    show(0)
    channel.say('rest')
    jest.advanceTimersByTime(10)
    expect(subscription.pause).toHaveBeenCalledTimes(1)
    for (let number = 1; number < 10; number++) show(number)
    channel.say('next 1')
    expect(subscription.resume).toHaveBeenCalledTimes(2)
    expect(channel.pictures).toEqual([0, 9])
    expect(viewer.credit.report()).toMatchObject({ sent: 2, withheld: 0 })
  })

  test('is one while it asks, and none once it has stopped asking or has gone', () => {
    const { channel, show } = setUp(undefined, new Readers(subscription, 0))
    jest.advanceTimersByTime(10)
    expect(subscription.pause).toHaveBeenCalledTimes(1)
    channel.say('next')
    expect(subscription.resume).toHaveBeenCalledTimes(1)
    // However long the picture takes.
    jest.advanceTimersByTime(3_600_000)
    show(0)
    jest.advanceTimersByTime(29_900)
    channel.say('next')
    show(1)
    jest.advanceTimersByTime(29_900)
    expect(subscription.pause).toHaveBeenCalledTimes(1)
    jest.advanceTimersByTime(200)
    expect(subscription.pause).toHaveBeenCalledTimes(2)
    channel.say('next')
    expect(subscription.resume).toHaveBeenCalledTimes(2)
    channel.close()
    jest.advanceTimersByTime(10)
    expect(subscription.pause).toHaveBeenCalledTimes(3)
  })

  test('keeps the others from nothing: the last one out pauses', () => {
    const readers = new Readers(subscription, 10_000)
    const [one, two] = [setUp(undefined, readers).channel, setUp(undefined, readers).channel]
    one.say('next')
    two.say('next')
    one.close()
    jest.advanceTimersByTime(60_000)
    expect(subscription.pause).not.toHaveBeenCalled()
    two.close()
    jest.advanceTimersByTime(9999)
    expect(subscription.pause).not.toHaveBeenCalled()
    jest.advanceTimersByTime(1)
    expect(subscription.pause).toHaveBeenCalledTimes(1)
  })

  test('pauses nothing once the page is closed', () => {
    const readers = new Readers(subscription, 0)
    const { channel } = setUp(undefined, readers)
    channel.say('next')
    readers.close()
    channel.close()
    jest.advanceTimersByTime(1000)
    expect(subscription.pause).not.toHaveBeenCalled()
  })
})
