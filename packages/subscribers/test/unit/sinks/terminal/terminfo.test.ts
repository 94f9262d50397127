import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { terminfoColours } from '../../../../src/sinks/terminal/terminfo.ts'

let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'zcast-terminfo-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** An entry with these numbers, as tic writes it. */
function entry(numbers: readonly number[], { wide = false, names = 'made up' } = {}): Buffer {
  const switches = Buffer.from([1, 0, 1])
  const head = Buffer.alloc(12)
  const nameBytes = Buffer.from(`${names}\0`)
  ;[wide ? 0x021e : 0x011a, nameBytes.length, switches.length, numbers.length, 0, 0].forEach((value, index) =>
    head.writeUInt16LE(value, index * 2),
  )
  const body = Buffer.concat([head, nameBytes, switches])
  const list = Buffer.alloc(numbers.length * (wide ? 4 : 2))
  numbers.forEach((value, index) =>
    wide ? list.writeInt32LE(value, index * 4) : list.writeInt16LE(value, index * 2),
  )
  return Buffer.concat([body, Buffer.alloc(body.length % 2), list])
}

function coloursOf(content: Buffer): number | undefined {
  mkdirSync(join(folder, 'm'), { recursive: true })
  writeFileSync(join(folder, 'm', 'madeup'), content)
  return terminfoColours('madeup', { TERMINFO: folder })
}

const withColours = (colours: number): number[] => [...Array.from({ length: 13 }, () => 80), colours, 3]

describe('the colours of a terminal by its entry', () => {
  test.each([
    ['16-bit numbers', entry(withColours(8)), 8],
    ['names of an odd length', entry(withColours(256), { names: 'odd' }), 256],
    ['32-bit numbers', entry(withColours(16_777_216), { wide: true }), 16_777_216],
    ['no colours', entry(withColours(-1)), 0],
    ['too few numbers to say', entry([80, 24]), 0],
    ['a cut end', entry(withColours(256)).subarray(0, 30), undefined],
    ['something else', Buffer.from('this is no entry at all'), undefined],
    ['nothing', Buffer.alloc(0), undefined],
  ])('%s', (_, content, colours) => {
    expect(coloursOf(content)).toBe(colours)
  })

  test('a name that would lead out of the folders is none', () => {
    for (const term of ['../x', '', '.', 'a/b']) {
      expect(terminfoColours(term, { TERMINFO: folder })).toBeUndefined()
    }
  })
})
