import { expect, test } from '@jest/globals'
import { warnOfDamage } from '../../../src/history/warn-of-damage.ts'

test('damage is told, unless it was told before', () => {
  const told: string[] = []
  const log = { warning: (message: string): void => void told.push(message) }
  warnOfDamage({ path: 'a.mcap', damagedChunks: 0 }, log)
  warnOfDamage({ path: 'a.mcap', damagedChunks: 2 }, log, 2)
  expect(told).toEqual([])
  warnOfDamage({ path: 'a.mcap', damagedChunks: 3 }, log, 2)
  warnOfDamage({ path: 'b.mcap', damagedChunks: 1 }, log)
  expect(told).toEqual([
    '3 damaged chunks of a.mcap could not be read: their values are missing',
    '1 damaged chunk of b.mcap could not be read: its values are missing',
  ])
})
