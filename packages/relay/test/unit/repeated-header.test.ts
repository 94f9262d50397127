import { describe, expect, test } from '@jest/globals'
import { isRejection, type Message, MsgpackCodec } from '@zcast/shared'
import { msgpack } from '@zcast/shared/internal'
import { frame } from '@zcast/testing/streams/list-source'
import { type CarriedEnvelope, RelayCodec } from '../../src/relay-codec.ts'

const OPTIONS = { useRecords: false, int64AsType: 'number' } as const
const SIZE = { width: 4, height: 2, format: 'jpeg' }
const picture = Buffer.from('no picture')

function message(header: Readonly<Record<string, unknown>>, topic = 'video/cam'): Message {
  return [Buffer.from(topic), new (msgpack().Packr)(OPTIONS).pack(header), picture]
}

/** As zcast sends them: the number and the time take 8 bytes each. */
function sent(seq: number, time = seq / 30, epoch = 7): Message {
  const block = { ...frame(1), seq, time }
  return new MsgpackCodec().encode({ topic: 'video/cam', epoch, block, renditions: ['360p'] })
}

function decode(codec: RelayCodec, received: Message): CarriedEnvelope {
  const envelope = codec.decode(received)
  if (isRejection(envelope)) throw new Error(envelope.reason)
  return envelope
}

const header = ([, part]: Message): unknown =>
  new (msgpack().Unpackr)(OPTIONS).unpack(part ?? new Uint8Array())

describe('headers of pictures that are like the one before them', () => {
  test('come and go on as those that are decoded', () => {
    const codec = new RelayCodec()
    for (const received of [sent(0), sent(1), sent(2 ** 40, 1e9 + 0.25), sent(5, 2, 8), sent(6, 3, 8)]) {
      const [known, anew] = [decode(codec, received), decode(new RelayCodec(), received)]
      expect({ ...known, carried: undefined }).toEqual({ ...anew, carried: undefined })
      for (const lanes of [true, undefined])
        expect(codec.encode({ ...known, lanes })).toEqual(new RelayCodec().encode({ ...anew, lanes }))
    }
  })

  test('are remembered of the newest topics, however many there were before', () => {
    const codec = new RelayCodec()
    const block = { ...frame(1), seq: 1, time: 1 }
    const cameBefore = (topic: string): boolean => {
      const received = new MsgpackCodec().encode({ topic, epoch: 7, block })
      return decode(codec, received).carried?.repeated !== undefined
    }
    for (let each = 0; each < 400; each++) expect(cameBefore(`video/cam${each}`)).toBe(false)
    expect(cameBefore('video/cam399')).toBe(true)
    expect(cameBefore('video/cam0')).toBe(false)
  })

  test('tell of the way, and of each relay on it', () => {
    const [near, far] = [new RelayCodec(), new RelayCodec()]
    const hop = (codec: RelayCodec, given: Message, told: object): Message =>
      codec.encode({ ...decode(codec, given), ...told })
    for (const seq of [1, 2, 3]) {
      const first = hop(near, sent(seq), { lanes: true })
      expect(header(first)).toMatchObject({ seq, hops: 1, lanes: true, renditions: ['360p'] })
      expect(header(hop(far, first, { lanes: undefined, withheld: seq }))).toEqual({
        ...(header(sent(seq)) as object),
        hops: 2,
        withheld: seq,
      })
    }
  })

  test('are refused where the number or the time is none', () => {
    const codec = new RelayCodec()
    decode(codec, sent(1))
    for (const wrong of [sent(2, NaN), sent(2, Infinity)])
      expect(codec.decode(wrong)).toMatchObject({ rejected: 'invalid' })
    const huge = [...sent(2)].map((part) => Uint8Array.from(part))
    const at = Buffer.from(huge[1] as Uint8Array).indexOf('seq') + 4
    huge[1]?.fill(0xff, at, at + 8)
    expect(codec.decode(huge)).toMatchObject({ rejected: 'invalid' })
    expect(codec.decode([...sent(3), picture])).toMatchObject({ rejected: 'invalid' })
    expect(decode(codec, sent(4)).block.seq).toBe(4)
  })

  test('may be those of other programs, with numbers of any length, keys that nobody knows, or keys given twice', () => {
    const codec = new RelayCodec()
    for (const seq of [1, 2, 200, 70_000, 2 ** 33, 2 ** 33 + 1]) {
      const given = { time: 1.5 + seq, ...SIZE, place: 'roof', epoch: 7, seq, v: 1 }
      expect(header(codec.encode(decode(codec, message(given))))).toEqual({ ...given, hops: 1 })
    }
    const given = { v: 1, epoch: 7, seq: 2 ** 40, time: 1.5, tiMe: 9.5, ...SIZE }
    const [name, once = new Uint8Array(), data = picture] = message(given)
    const text = Buffer.from(once).toString('latin1').replace('tiMe', 'time')
    const twice = [name ?? data, Buffer.from(text, 'latin1'), data]
    for (const received of [twice, twice]) expect(decode(codec, received).block.time).toBe(9.5)
  })

  test('are looked up for a limited number of topics', () => {
    const codec = new RelayCodec()
    for (let topic = 0; topic < 100; topic++)
      for (const seq of [2 ** 40, 2 ** 40 + 1]) {
        const given = message({ v: 1, epoch: topic, seq, time: 1.5, ...SIZE }, `video/${topic}`)
        expect(decode(codec, given)).toMatchObject({ topic: `video/${topic}`, epoch: topic, block: { seq } })
      }
  })

  test('of a topic that is not wanted are left out', () => {
    const codec = new RelayCodec()
    decode(codec, sent(1))
    expect(codec.decode(sent(2), () => false)).toMatchObject({ rejected: 'unwanted' })
  })
})
