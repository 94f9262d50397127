import { expect, test } from '@jest/globals'
import { describeHeldBack, HeldBack } from '../../src/held-back.ts'

test('a stream of 12 MB/s over a network that carries 0.3 is told as such, from the first wait on', () => {
  const heldBack = new HeldBack(0)
  // 16 MB fill the queue; 8 of them are taken before there is room again.
  let nowMs = 0
  for (let sent = 0; sent < 15; sent++) expect(heldBack.sent(1e6, 0, (nowMs += 83))).toBeUndefined()
  nowMs += 83 + 26_667
  const first = heldBack.sent(1e6, 26_667, nowMs)
  expect(describeHeldBack('numbers/random', first ?? { wanted: 0, carried: 0 })).toBe(
    'numbers/random is held back by the network: 12 MB/s wanted, 0.3 carried; nothing is lost, but all its subscribers wait',
  )
  for (let sent = 0; sent < 7; sent++) heldBack.sent(1e6, 0, (nowMs += 83))
  const second = heldBack.sent(1e6, 26_000, (nowMs += 83 + 26_000))
  expect(second?.wanted).toBeCloseTo(12e6, -6)
  expect(second?.carried).toBeCloseTo(0.3e6, -4)
})

test.each([
  [9.7e6, '10'],
  [9.4e6, '9'],
  [0.34e6, '0.3'],
  [3400, '0.003'],
  [0.2, 'under 0.001'],
])('%d bytes a second are written as %s MB/s', (wanted, shown) => {
  expect(describeHeldBack('numbers/a', { wanted, carried: 0.1e6 })).toContain(`: ${shown} MB/s wanted, 0.1 `)
})

test('short waits, as for a client on the same machine, are none', () => {
  const heldBack = new HeldBack(0)
  for (let sent = 1; sent < 100; sent++) expect(heldBack.sent(1e6, 200, sent * 210)).toBeUndefined()
})
