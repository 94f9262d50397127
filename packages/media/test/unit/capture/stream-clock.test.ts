import { describe, expect, test } from '@jest/globals'
import { StreamClock } from '../../../src/capture/stream-clock.ts'

/** Pictures, 25 a second, that come when `delay` says: seconds after their time in the stream. */
function seen(
  count: number,
  delay: (number: number) => number,
  clock = new StreamClock(),
  from = 0,
): StreamClock {
  for (let number = from; number < from + count; number++)
    clock.see(number / 25, 1000 + number / 25 + delay(number))
  return clock
}

describe("a live stream's clock", () => {
  test('is known once pictures come as they play, and not by those of the burst at the begin', () => {
    const burst = seen(25, (number) => 1 - number / 25)
    expect(burst.dueAt(0)).toBeUndefined()
    const clock = seen(10, () => 0.05, burst, 25)
    expect(clock.dueAt(1)).toBeCloseTo(1001.05, 6)
  })

  test('does not shake with the network', () => {
    const clock = seen(200, (number) => 0.05 + (number % 5 === 0 ? 0.2 : 0) + (number % 3) / 100)
    const steps: number[] = []
    for (let number = 200; number < 300; number++) {
      const before = clock.dueAt(0) as number
      seen(1, () => 0.05 + (number % 7 === 0 ? 0.3 : 0), clock, number)
      steps.push(Math.abs((clock.dueAt(0) as number) - before))
    }
    expect(Math.max(...steps)).toBeLessThan(0.0003)
    expect(clock.dueAt(0)).toBeGreaterThan(1000.04)
    expect(clock.dueAt(0)).toBeLessThan(1000.08)
  })

  test('follows where the stream stood still', () => {
    const clock = seen(200, () => 0.05)
    seen(200, () => 5.05, clock, 200)
    expect(clock.dueAt(0)).toBeCloseTo(1005.05, 3)
  })

  test('is known after two seconds of a burst that does not end', () => {
    const clock = new StreamClock()
    for (let number = 0; number < 30; number++) clock.see(number, 1000 + number / 10)
    expect(clock.dueAt(0)).toBeDefined()
  })
})
