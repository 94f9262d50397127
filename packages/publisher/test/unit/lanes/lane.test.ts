import { describe, expect, test } from '@jest/globals'
import type { Envelope } from '@zcast/shared'
import { Lane } from '../../../src/lanes/lane.ts'
import { frame } from '@zcast/testing/streams/list-source'

const topic = 'video/main'

function picture(seq: number, epoch = 1, withheld = 0): Envelope {
  return { topic, epoch, withheld, block: { ...frame(1), seq } }
}

/** What is sent, as `seq-withheld`. */
function sent(envelope: Envelope | undefined): string | undefined {
  return envelope && `${envelope.block.seq}-${envelope.withheld}`
}

describe('Lane', () => {
  test('sends the newest picture once the one before has come, and says how many it has left out', () => {
    const lane = new Lane(topic, 1, 0)
    expect(sent(lane.offer(picture(10), 0))).toBe('10-1')
    expect(lane.offer(picture(11), 33)).toBeUndefined()
    expect(lane.offer(picture(12), 66)).toBeUndefined()
    expect(sent(lane.acknowledge(10, 80))).toBe('12-1')
    expect(lane.acknowledge(12, 90)).toBeUndefined()
    expect(sent(lane.offer(picture(13), 99))).toBe('13-0')
  })

  test('counts what a relay left out around the picture that may be on neither the topic nor the lane', () => {
    const lane = new Lane(topic, 1, 0, picture(13, 1, 2))
    // 11 to 15, after 10 on the topic.
    expect(sent(lane.offer(picture(16, 1, 2), 0))).toBe('16-5')
    const [first, lossy] = [new Lane(topic, 1, 0), new Lane(topic, 1, 0, picture(13))]
    expect(sent(first.offer(picture(16, 1, 2), 0))).toBe('16-3')
    // 14 was never here.
    expect(sent(lossy.offer(picture(16, 1, 1), 0))).toBe('16-2')
  })

  test('does not say of pictures that were never here that it has left them out', () => {
    const lane = new Lane(topic, 1, 0)
    lane.offer(picture(10), 0)
    lane.offer(picture(13), 33)
    lane.offer(picture(16, 1, 1), 66)
    expect(sent(lane.acknowledge(10, 80))).toBe('16-2')
    expect(lane.acknowledge(16, 90)).toBeUndefined()
    expect(sent(lane.offer(picture(17), 99))).toBe('17-0')
  })

  test('only what is on its way can be acknowledged, and once', () => {
    const lane = new Lane(topic, 1, 0)
    lane.offer(picture(10), 0)
    lane.offer(picture(11), 10)
    for (const seq of [9, 11, 12, 0, Number.MAX_SAFE_INTEGER]) {
      expect(lane.acknowledge(seq, 20)).toBeUndefined()
    }
    expect(sent(lane.acknowledge(10, 20))).toBe('11-0')
    lane.offer(picture(12), 30)
    expect(lane.acknowledge(10, 40)).toBeUndefined()
  })

  test('a picture that ZeroMQ has dropped without a word is given up after a while', () => {
    const lane = new Lane(topic, 1, 0)
    lane.offer(picture(10), 0)
    expect(lane.offer(picture(11), 290)).toBeUndefined()
    expect(sent(lane.offer(picture(12), 310))).toBe('12-3')
    expect(lane.offer(picture(13), 800)).toBeUndefined()
    expect(sent(lane.offer(picture(14), 920))).toBe('14-5')
  })

  test('one that was given up and comes all the same was slow: those sent after it are waited for, and for longer', () => {
    const lane = new Lane(topic, 1, 0)
    lane.offer(picture(0), 0)
    expect(sent(lane.offer(picture(10, 1, 9), 310))).toBe('10-11')
    expect(sent(lane.offer(picture(30, 1, 19), 920))).toBe('30-31')
    expect(lane.acknowledge(0, 1500)).toBeUndefined()
    expect(lane.offer(picture(50, 1, 19), 3000)).toBeUndefined()
    expect(lane.acknowledge(10, 3100)).toBeUndefined()
    expect(lane.offer(picture(60, 1, 9), 4400)).toBeUndefined()
    expect(sent(lane.acknowledge(30, 4600))).toBe('60-29')
  })

  test('one that could not be sent makes room for a newer one, or is sent once there is room', () => {
    const lane = new Lane(topic, 1, 0)
    lane.putBack(lane.offer(picture(10), 0) as Envelope)
    expect(sent(lane.flush(1))).toBe('10-1')
    lane.putBack(picture(10))
    expect(sent(lane.offer(picture(11), 2))).toBe('11-2')
    expect(lane.flush(3)).toBeUndefined()
  })

  test('the last picture is sent at the end, whatever is on its way', () => {
    const lane = new Lane(topic, 1, 0)
    lane.offer(picture(10), 0)
    lane.offer(picture(11), 1)
    expect(sent(lane.flush(2))).toBe('11-2')
    expect(lane.flush(3)).toBeUndefined()
  })

  test('goes on with a stream that is started again', () => {
    const lane = new Lane(topic, 1, 0)
    lane.offer(picture(1000), 0)
    lane.offer(picture(1001), 1)
    expect(sent(lane.offer(picture(0, 2), 2))).toBe('0-0')
    expect(lane.acknowledge(1000, 3)).toBeUndefined()
  })

  test('tells how long nothing was acknowledged of what was sent', () => {
    const lane = new Lane(topic, 1, 0)
    expect(lane.unheardMs(50_000)).toBe(0)
    lane.offer(picture(0), 50_000)
    lane.acknowledge(0, 51_000)
    expect(lane.unheardMs(90_000)).toBe(0)
    lane.offer(picture(1), 90_000)
    expect(lane.unheardMs(91_000)).toBe(40_000)
  })
})
