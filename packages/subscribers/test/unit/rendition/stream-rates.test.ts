import { expect, test } from '@jest/globals'
import type { Frame } from '@zcast/shared'
import { StreamRates } from '../../../src/rendition/stream-rates.ts'

function frame(seq: number, time: number): Frame {
  return { kind: 'video', seq, time, width: 16, height: 9, format: 'jpeg', data: new Uint8Array() }
}

/** Every `step`-th picture of 30 a second comes, for so many seconds. */
function come(rates: StreamRates, step: number, seconds: number, from = 0): number {
  let seq = from
  for (; seq < from + 30 * seconds; seq += step) rates.arrived(frame(seq, seq / 30), (seq * 1000) / 30)
  return seq
}

test('tells how many there are and how many come, once a second has passed', () => {
  const rates = new StreamRates()
  come(rates, 1, 0.9)
  expect(rates.reading).toBeUndefined()
  const next = come(rates, 1, 3, 30)
  expect(rates.reading?.wanted).toBeCloseTo(30)
  expect(rates.reading?.carried).toBeCloseTo(30)
  come(rates, 6, 3, next)
  expect(rates.reading?.wanted).toBeCloseTo(30)
  expect(rates.reading?.carried).toBeCloseTo(5)
})

test('follows a change within two seconds', () => {
  const rates = new StreamRates()
  come(rates, 10, 2, come(rates, 1, 10))
  expect(rates.reading?.carried).toBeCloseTo(3)
})

test('tells of pictures that come every few seconds', () => {
  const rates = new StreamRates()
  come(rates, 120, 9)
  expect(rates.reading?.carried).toBeCloseTo(0.25)
  expect(rates.reading?.wanted).toBeCloseTo(30)
})

test('a clock that stands still, and numbers that go back, say nothing', () => {
  const rates = new StreamRates()
  for (let seq = 0; seq < 90; seq++) rates.arrived(frame(seq, 7), seq * 33)
  expect(rates.reading).toBeUndefined()
  rates.restart()
  for (let seq = 90; seq > 0; seq--) rates.arrived(frame(seq, seq), seq * 33)
  expect(rates.reading).toBeUndefined()
})
