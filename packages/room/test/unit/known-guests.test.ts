import { describe, expect, test } from '@jest/globals'
import { KnownGuests } from '../../src/people/known-guests.ts'

describe('known guests', () => {
  test('whoever is in the room keeps their name, however many come after them', () => {
    const here = new Set<string>()
    const known = new KnownGuests((id) => here.has(id))
    here.add(known.add('ann').id)
    for (let number = 0; number < 1500; number++) known.add(`guest ${number}`)
    expect(known.add('Ann').name).toBe('Ann 2')
    // Those who have gone are forgotten, the oldest first.
    expect(known.add('guest 0').name).toBe('guest 0')
    expect(known.add('guest 1400').name).toBe('guest 1400 2')
  })
})
