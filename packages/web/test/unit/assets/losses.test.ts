import { expect, test } from '@jest/globals'
import { mergeLosses } from '../../../assets/chart/losses.js'

test('losses that are close are told as one, and none is left out', () => {
  const losses = [0, 10, 20, 100, 101, 300].map((x) => ({ x, count: x + 1 }))
  const merged = mergeLosses(losses, 30)
  expect(merged).toEqual([
    { x: 10, count: 33 },
    { x: 100.5, count: 203 },
    { x: 300, count: 301 },
  ])
})
