import { expect, test } from '@jest/globals'
import { ClientSlots } from '../../../../src/server/limits/client-slots.ts'

function takeAll(slots: ClientSlots, address: string): number {
  let taken = 0
  while (slots.take(address)) taken += 1
  return taken
}

test('gives another machine half of the places, and the next one half of them too', () => {
  const slots = new ClientSlots(10)
  expect(takeAll(slots, '192.168.1.7')).toBe(5)
  expect(takeAll(slots, '192.168.1.8')).toBe(5)
  expect(slots.taken).toBe(10)
  expect(takeAll(slots, '127.0.0.1')).toBe(0)
})

test('gives this machine all of them, since a proxy here may ask for many', () => {
  expect(takeAll(new ClientSlots(10), '127.0.0.1')).toBe(10)
})

test('takes places back', () => {
  const slots = new ClientSlots(1)
  const leave = slots.take('192.168.1.7')
  expect(slots.take('192.168.1.7')).toBeUndefined()
  leave?.()
  expect(slots.taken).toBe(0)
  expect(slots.take('192.168.1.7')).toBeDefined()
})
