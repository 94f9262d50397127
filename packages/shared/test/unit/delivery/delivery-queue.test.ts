import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { createDeliveryQueue, type DeliveryQueue } from '../../../src/delivery/delivery-queue.ts'
import type { DeliveryPolicy } from '../../../src/delivery/delivery-policy.ts'
import type { Envelope } from '../../../src/envelope.ts'
import { frameEnvelope, numbersEnvelope } from '@zcast/testing/streams/envelopes'

function shiftAll(queue: DeliveryQueue): Envelope[] {
  const envelopes: Envelope[] = []
  for (let next = queue.shift(); next; next = queue.shift()) envelopes.push(next)
  return envelopes
}

const seqs = (envelopes: readonly Envelope[]): (number | undefined)[] =>
  envelopes.map(({ block }) => block.seq)

describe('delivery latest', () => {
  test('keeps the newest of each topic and gives back what it passes over', () => {
    const queue = createDeliveryQueue('latest')
    const a0 = frameEnvelope(0, { topic: 'video/a' })
    expect(queue.push(a0)).toBeUndefined()
    expect(queue.push(frameEnvelope(7, { topic: 'video/b' }))).toBeUndefined()
    expect(queue.push(frameEnvelope(1, { topic: 'video/a' }))).toBe(a0)
    expect(seqs(shiftAll(queue))).toEqual([1, 7])
    expect(queue.shift()).toBeUndefined()
  })

  test('topics take turns, so that a busy one hides no other', () => {
    const queue = createDeliveryQueue('latest')
    queue.push(frameEnvelope(0, { topic: 'video/a' }))
    queue.push(frameEnvelope(0, { topic: 'video/b' }))
    expect(queue.shift()?.topic).toBe('video/a')
    queue.push(frameEnvelope(1, { topic: 'video/a' }))
    expect(queue.shift()?.topic).toBe('video/b')
    expect(queue.shift()?.topic).toBe('video/a')
  })

  test('a late or retained frame does not replace a newer one, but a new epoch does', () => {
    const queue = createDeliveryQueue('latest')
    const newer = frameEnvelope(9)
    const retained = frameEnvelope(5, { retained: true })
    queue.push(newer)
    expect(queue.push(retained)).toBe(retained)
    expect(queue.push(frameEnvelope(0, { epoch: 2 }))).toBe(newer)
    expect(seqs(shiftAll(queue))).toEqual([0])
  })

  test('values without sequence numbers count as newer as they come', () => {
    const queue = createDeliveryQueue('latest')
    const first = numbersEnvelope(undefined, { values: [1] })
    const second = numbersEnvelope(undefined, { values: [2] })
    queue.push(first)
    expect(queue.push(second)).toBe(first)
    expect(queue.shift()).toBe(second)
  })
})

describe('delivery queue:N', () => {
  test('keeps the newest N in order and gives back the oldest', () => {
    const queue = createDeliveryQueue('queue:3')
    const passedOver = [0, 1, 2, 3, 4].map((seq) => queue.push(numbersEnvelope(seq))?.block.seq)
    expect(passedOver).toEqual([undefined, undefined, undefined, 0, 1])
    expect(seqs(shiftAll(queue))).toEqual([2, 3, 4])
  })

  test.each(['queue:0', 'queue:NaN', 'queue:1e9', 'newest'])(
    '%s is refused: it would have no limit',
    (policy) => {
      expect(() => createDeliveryQueue(policy as DeliveryPolicy)).toThrow(
        expect.objectContaining({ code: 'ERR_OPTION' }),
      )
    },
  )
})

describe('delivery all', () => {
  test('keeps everything in order', () => {
    const queue = createDeliveryQueue('all')
    for (let seq = 0; seq < 5000; seq++) expect(queue.push(numbersEnvelope(seq))).toBeUndefined()
    expect(seqs(shiftAll(queue))).toEqual(Array.from({ length: 5000 }, (_, seq) => seq))
  })

  test('fails at its limit of bytes rather than lose, and takes more once there is room', () => {
    const envelope = frameEnvelope(0)
    const size = envelope.block.data.byteLength + 400
    const queue = createDeliveryQueue('all', 2 * size)
    queue.push(envelope)
    queue.push(envelope)
    expect(() => queue.push(envelope)).toThrow(expect.objectContaining({ code: 'ERR_MEMORY_LIMIT' }))
    expect(shiftAll(queue)).toHaveLength(2)
  })

  test('memory is given back as the queue is emptied', () => {
    const envelope = frameEnvelope(0)
    const queue = createDeliveryQueue('all', 3 * (envelope.block.data.byteLength + 400))
    for (let round = 0; round < 10_000; round++) {
      queue.push(envelope)
      queue.push(envelope)
      expect([queue.shift(), queue.shift()]).toEqual([envelope, envelope])
    }
  })
})

describe('every policy', () => {
  const steps = fc.array(fc.oneof(fc.constant('push' as const), fc.constant('shift' as const)), {
    maxLength: 300,
  })

  test.each(['all', 'queue:1', 'queue:7', 'queue:1000'] as const)(
    '%s does what a plain array would',
    (policy) => {
      const limit = policy === 'all' ? Number.POSITIVE_INFINITY : Number(policy.slice('queue:'.length))
      fc.assert(
        fc.property(steps, (actions) => {
          const queue = createDeliveryQueue(policy)
          const model: number[] = []
          let seq = 0
          for (const action of actions) {
            if (action === 'shift') {
              expect(queue.shift()?.block.seq).toBe(model.shift())
              continue
            }
            const passedOver = queue.push(numbersEnvelope(seq))
            model.push(seq)
            seq += 1
            expect(passedOver?.block.seq).toBe(model.length > limit ? model.shift() : undefined)
          }
          expect(seqs(shiftAll(queue))).toEqual(model)
        }),
      )
    },
  )

  test.each(['latest', 'queue:3', 'all'] as const)(
    '%s gives out or gives back each envelope exactly once',
    (policy) => {
      const pushes = fc.tuple(fc.constantFrom('video/a', 'video/b', 'video/c'), fc.nat(20), fc.boolean())
      fc.assert(
        fc.property(fc.array(pushes, { maxLength: 100 }), (actions) => {
          const queue = createDeliveryQueue(policy)
          const pushed: Envelope[] = []
          const seen: Envelope[] = []
          for (const [topic, seq, shift] of actions) {
            const envelope = frameEnvelope(seq, { topic })
            pushed.push(envelope)
            const passedOver = queue.push(envelope)
            if (passedOver) seen.push(passedOver)
            const taken = shift ? queue.shift() : undefined
            if (taken) seen.push(taken)
          }
          seen.push(...shiftAll(queue))
          expect(seen).toHaveLength(pushed.length)
          expect(new Set(seen)).toEqual(new Set(pushed))
        }),
      )
    },
  )

  test('nothing that was handed out is held on to', async () => {
    // A frame that a queue forgets can be collected; forcing that needs the flag, so it is set for this test alone.
    const { setFlagsFromString } = await import('node:v8')
    const { runInNewContext } = await import('node:vm')
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const queue = createDeliveryQueue('queue:2')
    const held = Array.from({ length: 100 }, (_, seq) => {
      const envelope = frameEnvelope(seq)
      queue.push(envelope)
      return new WeakRef(envelope)
    })
    // A WeakRef holds its target until the event loop turns.
    await new Promise(setImmediate)
    collectGarbage()
    expect(held.filter((reference) => reference.deref() !== undefined).length).toBeLessThanOrEqual(2)
    expect(seqs(shiftAll(queue))).toEqual([98, 99])
  })
})
