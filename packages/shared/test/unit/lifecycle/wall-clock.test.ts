import { afterEach, describe, expect, jest, test } from '@jest/globals'

afterEach(() => {
  jest.restoreAllMocks()
})

/** A fresh clock, as a process that has just started has it; both of the system's clocks are set by hand. */
async function startClock(
  systemMs: number,
): Promise<{ set(systemMs: number, monotonicMs: number): void; read(): number }> {
  let monotonicMs = 5000
  const system = jest.spyOn(Date, 'now').mockReturnValue(systemMs)
  jest.spyOn(performance, 'now').mockImplementation(() => monotonicMs)
  jest.resetModules()
  const { wallClock } = await import('../../../src/lifecycle/wall-clock.ts')
  return {
    set: (nowMs, atMs) => {
      system.mockReturnValue(nowMs)
      monotonicMs = atMs
    },
    read: () => wallClock() * 1000,
  }
}

describe('wallClock', () => {
  test('agrees with the system clock from the first reading on', async () => {
    const clock = await startClock(1_800_000_000_000)
    const ahead = clock.read() - 1_800_000_000_000
    expect(ahead).toBeGreaterThanOrEqual(-0.001)
    expect(ahead).toBeLessThanOrEqual(1.001)
  })

  test('is finer than a millisecond', async () => {
    const clock = await startClock(1_800_000_000_000)
    const first = clock.read()
    clock.set(1_800_000_000_000, 5000.25)
    expect(clock.read() - first).toBeCloseTo(0.25, 2)
  })

  test.each([
    ['forwards', 60_000],
    ['backwards', -60_000],
  ])('follows a correction %s within a second', async (_, correction) => {
    const clock = await startClock(1_800_000_000_000)
    clock.read()
    clock.set(1_800_000_001_000 + correction, 6000)
    const ahead = clock.read() - (1_800_000_001_000 + correction)
    expect(ahead).toBeGreaterThanOrEqual(-0.001)
    expect(ahead).toBeLessThanOrEqual(1.001)
  })
})
