import { describe, expect, test } from '@jest/globals'
import { ChangeLimit } from '../../src/screen/change-limit.ts'
import { Guest } from '../../src/people/guest.ts'

function guest(id: string): Guest {
  const link = { send: () => {}, bufferedBytes: 0, terminate: () => {}, close: () => {} }
  return new Guest({ id, key: id, name: id, isHost: true, address: '' }, link)
}

describe('the limit of changes', () => {
  test('allows some in a row and a few a second, for each guest alone', () => {
    const limit = new ChangeLimit()
    const [ann, ben] = [guest('ann'), guest('ben')]
    const taken = (nowMs: number): number =>
      Array.from({ length: 200 }, () => limit.take(ann, nowMs)).filter(Boolean).length
    expect([taken(0), taken(100), taken(500), taken(10_000_000)]).toEqual([10, 0, 2, 10])
    expect(limit.take(ben, 0)).toBe(true)
  })
})
