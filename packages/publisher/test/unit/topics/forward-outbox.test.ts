import { expect, test } from '@jest/globals'
import { CodecError, type Envelope } from '@zcast/shared'
import { frame, rows } from '@zcast/testing/streams/list-source'
import { ForwardOutbox, type ForwardOutboxOptions } from '../../../src/topics/forward-outbox.ts'

const MEBIBYTE = 1024 * 1024

const ONE = new Float64Array(1)
const MANY = new Float64Array(MEBIBYTE / 8)

function numbers(seq: number, data = ONE): Envelope {
  const block = { ...rows(1), seq, time: 1, rows: data.length, data }
  return { topic: 'numbers/imu', epoch: 7, block }
}

function open(options: Partial<ForwardOutboxOptions> = {}) {
  /** The sequence numbers of each group that was sent. */
  const groups: (readonly (number | undefined)[])[] = []
  const outbox = new ForwardOutbox({
    topic: 'numbers/imu',
    isGathered: true,
    send: async (envelopes) => void groups.push(envelopes.map(({ block }) => block.seq)),
    onOverflow: () => undefined,
    onFailed: () => undefined,
    ...options,
  })
  return { outbox, groups }
}

/** Lets promises go on, as they do while message after message is read, but nothing that waits for its turn. */
async function promisesOnly(): Promise<void> {
  for (let each = 0; each < 100; each++) await Promise.resolve()
}

function spend(milliseconds: number): void {
  const untilMs = performance.now() + milliseconds
  while (performance.now() < untilMs);
}

test('what comes in one turn of the event loop is sent together', async () => {
  const { outbox, groups } = open()
  await Promise.all([0, 1, 2].map((seq) => outbox.add(numbers(seq))))
  expect(groups).toEqual([[0, 1, 2]])
})

test('a picture is sent while others are still being read', async () => {
  const { outbox, groups } = open({ isGathered: false })
  // A turn of its own, in which all else are promises, as in those in which messages are read.
  await new Promise(setImmediate)
  void outbox.add({ topic: 'video/cam', epoch: 7, block: { ...frame(1), seq: 0 } })
  await promisesOnly()
  expect(groups).toEqual([[0]])
})

test('sending begins in the turn in which much comes: nothing of it is refused', async () => {
  const { outbox, groups } = open()
  await new Promise(setImmediate)
  for (let seq = 0; seq < 200; seq++) {
    void outbox.add(numbers(seq, MANY))
    await promisesOnly()
    // A slow machine: at once it would be over before a turn of the loop is due.
    if (seq === 10) spend(20)
  }
  // 200 MiB in all, of which 64 may wait.
  expect(groups.flat().length).toBeGreaterThan(150)
  await outbox.flush()
  expect(groups.flat()).toEqual(Array.from({ length: 200 }, (_, seq) => seq))
})

test('sending begins when a group of small ones is whole', async () => {
  const { outbox, groups } = open()
  await new Promise(setImmediate)
  for (let seq = 0; seq < 128; seq++) void outbox.add(numbers(seq))
  await promisesOnly()
  expect(groups.map(({ length }) => length)).toEqual([128])
})

test('an envelope that cannot be sent takes no other along, and nothing that comes later', async () => {
  const sent: (number | undefined)[] = []
  const lost: (number | undefined)[] = []
  const { outbox } = open({
    send: async (envelopes) => {
      if (envelopes.some(({ block }) => block.seq === 3)) throw new CodecError('ERR_VALUE', 'three')
      sent.push(...envelopes.map(({ block }) => block.seq))
    },
    onFailed: (_, envelopes) => lost.push(...envelopes.map(({ block }) => block.seq)),
  })
  await Promise.all([0, 1, 2, 3, 4, 5].map((seq) => outbox.add(numbers(seq))))
  expect(sent).toEqual([0, 1, 2, 4, 5])
  expect(lost).toEqual([3])
  await expect(outbox.add(numbers(3))).rejects.toThrow('three')
  await outbox.add(numbers(6))
  expect(sent.at(-1)).toBe(6)
  await expect(outbox.flush()).rejects.toThrow('three')
  await outbox.flush()
})

test('what waits is freed when the socket fails, so that more can come', async () => {
  let isBroken = true
  const { outbox } = open({
    send: async () => {
      if (isBroken) throw new Error('broken')
    },
  })
  for (let each = 0; each < 20; each++) {
    const added = Array.from({ length: 10 }, (_, seq) => outbox.add(numbers(seq, MANY)))
    await expect(Promise.all(added)).rejects.toThrow('broken')
  }
  isBroken = false
  await outbox.add(numbers(0))
})
