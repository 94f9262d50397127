import { expect, test } from '@jest/globals'
import { wishesOf } from '../../src/wishes.ts'

test('wishes leave out what another one covers', () => {
  expect([...wishesOf(new Set(['numbers/', 'numbers/a', 'video/a', 'video/ab', 'wea', 'weather']))]).toEqual([
    'numbers/',
    'video/a',
    'video/ab',
    'wea',
  ])
  expect([...wishesOf(new Set(['', 'numbers/', 'video/a']))]).toEqual([''])
})
