import { describe, expect, test } from '@jest/globals'
import { KnownGuests } from '../../../src/people/known-guests.ts'

describe('those who have been in the room', () => {
  test('keep their name while they are here, however many others come', () => {
    const here = new Set<string>()
    const known = new KnownGuests((id) => here.has(id))
    const ann = known.add('ann')
    here.add(ann.id)
    for (let index = 0; index < 2000; index++) known.add(`guest ${index}`)
    expect(known.add('Ann').name).toBe('Ann 2')
    expect(known.find(ann.key, 'ann')).toEqual(ann)
  })

  test('are forgotten once they are gone and many others came', () => {
    const known = new KnownGuests(() => false)
    known.add('ann')
    for (let index = 0; index < 2000; index++) known.add(`guest ${index}`)
    expect(known.add('ann').name).toBe('ann')
  })
})
