import { describe, expect, test } from '@jest/globals'
import { ClipMemory } from '../../../../src/sources/clip/clip-memory.ts'
import type { ClipPicture } from '../../../../src/sources/clip/clip-passes.ts'

const LIMITS = { pictures: 3, bytes: 30 }

function picture(index: number, output = '', bytes = 10): ClipPicture {
  return { output, index, at: index / 25, width: 16, height: 16, data: new Uint8Array(bytes) }
}

function passOf(memory: ClipMemory, pictures: readonly ClipPicture[]): void {
  memory.beginPass(pictures[0]?.output ?? '', LIMITS)
  for (const one of pictures) memory.add(one)
  memory.endPass()
}

describe('ClipMemory', () => {
  test('remembers a whole pass of one output', () => {
    const memory = new ClipMemory()
    const pass = [picture(0), picture(1)]
    passOf(memory, pass)
    expect(memory.output).toBe('')
    expect(memory.picture(1)).toBe(pass[1])
    expect(memory.picture(2)).toBeUndefined()
  })

  test('a pass of another output takes the place of the one before', () => {
    const memory = new ClipMemory()
    passOf(memory, [picture(0)])
    passOf(memory, [picture(0, '360p')])
    expect(memory.output).toBe('360p')
  })

  test('a pass that is cut off is not whole, and leaves the one before', () => {
    const memory = new ClipMemory()
    memory.beginPass('', LIMITS)
    memory.add(picture(0))
    expect(memory.output).toBeUndefined()
    memory.interruptPass()
    memory.endPass()
    expect(memory.output).toBeUndefined()
    passOf(memory, [picture(0), picture(1)])
    memory.beginPass('', LIMITS)
    memory.add(picture(0))
    memory.interruptPass()
    expect(memory.picture(1)).toBeDefined()
  })

  test.each([
    ['pictures', [picture(0), picture(1), picture(2), picture(3)]],
    ['bytes', [picture(0), picture(1, '', 21)]],
  ])('a pass of too many %s is not remembered', (_, pass) => {
    const memory = new ClipMemory()
    passOf(memory, pass)
    expect(memory.output).toBeUndefined()
  })

  test('what was too large once is not collected again, until all is forgotten', () => {
    const memory = new ClipMemory()
    passOf(memory, [picture(0, '', 31)])
    passOf(memory, [picture(0)])
    expect(memory.output).toBeUndefined()
    memory.forget()
    passOf(memory, [picture(0)])
    expect(memory.output).toBe('')
  })

  test('a pass with a gap, where a picture was left out, is not remembered', () => {
    const memory = new ClipMemory()
    passOf(memory, [picture(0), picture(2)])
    expect(memory.output).toBeUndefined()
    passOf(memory, [picture(0), picture(1)])
    expect(memory.output).toBe('')
  })

  test('forgets', () => {
    const memory = new ClipMemory()
    passOf(memory, [picture(0)])
    memory.forget()
    expect(memory.output).toBeUndefined()
  })
})
