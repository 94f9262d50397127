import { describe, expect, test } from '@jest/globals'
import { type Codec, type Envelope, isRejection, type Message, parseTopic } from '@zcast/shared'
import * as fc from 'fast-check'

/** The codec under test, for {@link testCodecContract}. */
export interface CodecContract {
  /** Makes a codec for one end. */
  readonly create: () => Codec
  /** Messages as its programs send them; at least one. */
  readonly messages: Readonly<Record<string, Message>>
  /** Envelopes that it writes; none for a codec that only reads. */
  readonly writes: readonly Envelope[]
  /** What is read of an envelope that was written. Default: the same. */
  readonly readsBack?: (written: Envelope) => object
  /** Envelopes that it cannot write. */
  readonly refusesToWrite: readonly Envelope[]
}

/** A reason is one clause that fits a line of the log. */
const LONGEST_REASON = 200

/** The promises of {@link Codec}, as tests; each implementation's test calls this once. */
export function testCodecContract(name: string, contract: CodecContract): void {
  const { create, messages, writes, readsBack = (written) => written, refusesToWrite } = contract
  const written = (): Message[] => {
    const codec = create()
    return writes.map((envelope) => codec.encode(envelope))
  }

  describe(`${name} keeps the contract of a codec`, () => {
    if (writes.length > 0) {
      test('reads what it has written', () => {
        const codec = create()
        for (const envelope of writes)
          expect(create().decode(codec.encode(envelope))).toMatchObject(readsBack(envelope))
      })

      test('lets a subscriber find what it has written by its prefixes', () => {
        const codec = create()
        for (const envelope of writes) {
          const [first] = codec.encode(envelope)
          const begin = Buffer.from(first ?? '').toString('latin1')
          for (const subscription of [envelope.topic, `${envelope.topic.split('/')[0]}/`])
            expect(codec.prefixes(subscription).some((prefix) => begin.startsWith(prefix))).toBe(true)
        }
      })
    }

    test.each(Object.entries(messages))('reads %s under a topic', (_, message) => {
      const result = create().decode(message)
      if (isRejection(result)) throw new Error(result.reason)
      expect(parseTopic(result.topic)?.kind).toBe(result.block.kind)
      expect(Number.isFinite(result.block.time)).toBe(true)
      expect(result.epoch === undefined).toBe(result.block.seq === undefined)
    })

    test('reads no further than the topic of what is not wanted', () => {
      for (const message of [...Object.values(messages), ...written()])
        expect(create().decode(message, () => false)).toMatchObject({ rejected: 'unwanted' })
    })

    test('asks whether a topic is wanted by the name that it gives it', () => {
      for (const message of Object.values(messages)) {
        const asked: string[] = []
        const result = create().decode(message, (topic) => asked.push(topic) > 0)
        expect(asked).toEqual([isRejection(result) ? expect.any(String) : result.topic])
      }
    })

    test('refuses any bytes in one clause, and throws for none', () => {
      const codec = create()
      fc.assert(
        fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 4 }), (parts) => {
          check(codec, parts)
        }),
      )
    })

    test('takes or refuses a damaged message, and throws for none', () => {
      const codec = create()
      const whole = [...Object.values(messages), ...written()]
      const damage = fc.record({
        message: fc.constantFrom(...whole),
        part: fc.nat(3),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        byte: fc.nat(255),
        isCut: fc.boolean(),
      })
      fc.assert(
        fc.property(damage, ({ message, part, at, byte, isCut }) => {
          const parts: Uint8Array[] = message.map((each) => Uint8Array.from(each))
          const damaged = parts.at(part % parts.length) as Uint8Array
          const index = Math.floor(at * damaged.length)
          if (isCut) parts[part % parts.length] = damaged.subarray(0, index)
          else if (index < damaged.length) damaged[index] = byte
          check(codec, parts)
        }),
        { numRuns: 1000 },
      )
    })

    test.each(refusesToWrite.map((envelope) => [envelope.topic, envelope] as const))(
      'does not write %s',
      (_, envelope) => {
        expect(() => create().encode(envelope)).toThrow(expect.objectContaining({ code: 'ERR_VALUE' }))
      },
    )
  })
}

/** Any result is an envelope under a good topic, or a reason. */
function check(codec: Codec, message: Message): void {
  const result = codec.decode(message)
  if (!isRejection(result)) {
    expect(parseTopic(result.topic)).toBeDefined()
    return
  }
  expect(result.reason).toMatch(/^[^\n]+$/)
  expect(result.reason.length).toBeLessThan(LONGEST_REASON)
}
