import { describe, expect, test } from '@jest/globals'
import { assert, property, string } from 'fast-check'
import { safeFileName } from '../../../src/uploads/safe-file-name.ts'

describe('the name of an upload', () => {
  test.each([
    ['clip.mp4', 'clip.mp4'],
    ['Ferien 2026 – Zürich 🎬.webm', 'Ferien 2026 – Zürich 🎬.webm'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ann\\clip.mp4', 'clip.mp4'],
    ['..', 'video'],
    ['', 'video'],
    ['  ...hidden.mp4. ', 'hidden.mp4'],
    ['a\u0000b\nc\u202e.mp4', 'abc.mp4'],
    ['what? "now": <a|b>*.mp4', 'what_ _now__ _a_b__.mp4'],
    ['CON.mp4', '_CON.mp4'],
    ['com1', '_com1'],
    ['console.mp4', 'console.mp4'],
    ['%{x}%[a].mp4', '_{x}_[a].mp4'],
    ['100%.mp4', '100%.mp4'],
    ['\ud800.mp4', 'mp4'],
    ['e\u0301.mp4', 'é.mp4'],
  ])('%j becomes %j', (said, name) => {
    expect(safeFileName(said)).toBe(name)
  })

  test('is at most 200 bytes, keeps its extension, and is not cut within a character', () => {
    const name = safeFileName(`${'ü🎬'.repeat(100)}.mp4`)
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200)
    expect(name).toMatch(/^(?:ü🎬)+ü?\.mp4$/u)
  })

  test('takes a number in front of the extension, also where it is at its longest', () => {
    expect(safeFileName('clip.mp4', 2)).toBe('clip (2).mp4')
    expect(safeFileName('README', 3)).toBe('README (3)')
    expect(safeFileName('a'.repeat(300), 12)).toBe(`${'a'.repeat(195)} (12)`)
  })

  test('is safe whatever is said', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 400 }), (said) => {
        const name = safeFileName(said)
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200)
        expect(name).not.toMatch(/^[.\s]|[.\s]$|[/\\<>:"|?*\p{Cc}\p{Cf}\p{Cs}]|^$/u)
        expect(safeFileName(name)).toBe(name)
      }),
    )
  })
})
