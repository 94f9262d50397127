import { afterEach, expect, jest, test } from '@jest/globals'
import { GuessBrake } from '../../../../src/server/admission/guess-brake.ts'

const warnings: (string | undefined)[] = []
const log = {
  error: () => {},
  warning: (_message: string, _cause?: unknown, key?: string) => void warnings.push(key),
  close: () => {},
}
afterEach(() => {
  jest.useRealTimers()
  warnings.length = 0
})

/** Sends wrong tokens at the same time. @returns How many have been answered so far. */
function guess(
  brake: GuessBrake,
  count: number,
  address = '192.168.1.7',
): { answered: number; refused: number } {
  const sent = { answered: 0, refused: 0 }
  for (let index = 0; index < count; index++) {
    if (brake.mayGuess(address)) void brake.wrong(address).then(() => (sent.answered += 1))
    else sent.refused += 1
  }
  return sent
}

async function pass(ms: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms)
}

test('answers a few wrong tokens at once, and each further one after a second', async () => {
  jest.useFakeTimers()
  const brake = new GuessBrake({ log: () => log })
  const sent = guess(brake, 5)
  await pass(0)
  expect(sent).toEqual({ answered: 3, refused: 0 })
  await pass(999)
  expect(sent.answered).toBe(3)
  await pass(1)
  expect(sent.answered).toBe(5)
  expect(new Set(warnings)).toEqual(new Set(['wrong token']))
})

test('looks at no more than eight at a time from one address, and 64 from all, however many come', async () => {
  jest.useFakeTimers()
  const brake = new GuessBrake({ log: () => log })
  expect(guess(brake, 1000)).toMatchObject({ refused: 1000 - 3 - 8 })
  const all = Array.from({ length: 100 }, (_, index) => guess(brake, 100, `10.0.0.${index}`))
  const looked = all.reduce((sum, { refused }) => sum + 100 - refused, 8)
  // Those of seven other addresses wait, each after its three free ones.
  expect(looked).toBe(64 + 7 * 3)
  await pass(1000)
  expect(brake.mayGuess('192.168.1.7')).toBe(true)
})

test('forgets an address that had the right token after all', async () => {
  jest.useFakeTimers()
  const brake = new GuessBrake({ log: () => undefined })
  guess(brake, 3)
  brake.right('192.168.1.7')
  const sent = guess(brake, 3)
  await pass(0)
  expect(sent.answered).toBe(3)
})

test('remembers a limited number of addresses', async () => {
  jest.useFakeTimers()
  const brake = new GuessBrake({ log: () => undefined })
  guess(brake, 3, 'first')
  for (let index = 0; index < 1000; index++) guess(brake, 1, `address ${index}`)
  const sent = guess(brake, 3, 'first')
  await pass(0)
  expect(sent.answered).toBe(3)
})

test('lets nobody wait when it ends', async () => {
  const brake = new GuessBrake({ log: () => undefined, delayMs: 1_000_000 })
  const waits = Array.from({ length: 5 }, () => brake.wrong('192.168.1.7'))
  brake.close()
  await Promise.all(waits)
})
