import { describe, expect, test } from '@jest/globals'
import { ClipMemory } from '../../../../src/sources/clip/clip-memory.ts'
import type { ClipPicture } from '../../../../src/sources/clip-passes.ts'

const LIMITS = { pictures: 3, bytes: 30 }

function picture(index: number, output = '', bytes = 10): ClipPicture {
  return { output, index, width: 16, height: 16, data: new Uint8Array(bytes) }
}

function passOf(memory: ClipMemory, pictures: readonly ClipPicture[]): void {
  memory.beginPass()
  for (const one of pictures) memory.add(one)
  memory.endPass()
}

describe('ClipMemory', () => {
  test('remembers a whole pass of one output', () => {
    const memory = new ClipMemory(LIMITS)
    const pass = [picture(0), picture(1)]
    passOf(memory, pass)
    expect(memory.pictures('')).toBe(2)
    expect(memory.picture('', 1)).toBe(pass[1])
    expect(memory.picture('', 2)).toBeUndefined()
    expect(memory.pictures('360p')).toBe(0)
    expect(memory.picture('360p', 1)).toBeUndefined()
  })

  test('a pass of another output takes the place of the one before', () => {
    const memory = new ClipMemory(LIMITS)
    passOf(memory, [picture(0)])
    passOf(memory, [picture(0, '360p')])
    expect([memory.pictures(''), memory.pictures('360p')]).toEqual([0, 1])
  })

  test('a pass that is cut off is not whole, and leaves the one before', () => {
    const memory = new ClipMemory(LIMITS)
    memory.beginPass()
    memory.add(picture(0))
    expect(memory.pictures('')).toBe(0)
    memory.interruptPass()
    memory.endPass()
    expect(memory.pictures('')).toBe(0)
    passOf(memory, [picture(0), picture(1)])
    memory.beginPass()
    memory.add(picture(0))
    memory.interruptPass()
    expect(memory.pictures('')).toBe(2)
  })

  test.each([
    ['pictures', [picture(0), picture(1), picture(2), picture(3)]],
    ['bytes', [picture(0), picture(1, '', 21)]],
  ])('a pass of too many %s is not remembered', (_, pass) => {
    const memory = new ClipMemory(LIMITS)
    passOf(memory, pass)
    expect(memory.pictures('')).toBe(0)
  })

  test('forgets', () => {
    const memory = new ClipMemory(LIMITS)
    passOf(memory, [picture(0)])
    memory.forget()
    expect(memory.pictures('')).toBe(0)
  })
})
