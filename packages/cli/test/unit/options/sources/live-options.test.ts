import { describe, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readNamedSources } from '../../../../src/options/sources/read-live-options.ts'

describe('the sources that a command line names', () => {
  test.each([
    [[], undefined, [['main', 'pattern']]],
    [[], 'desk', [['desk', 'pattern']]],
    [['camera'], undefined, [['main', 'camera']]],
    [['camera'], 'desk', [['desk', 'camera']]],
    [['cam=camera'], undefined, [['cam', 'camera']]],
    [
      ['cam=camera', 'door=rtsp://door/?a=b'],
      undefined,
      [
        ['cam', 'camera'],
        ['door', 'rtsp://door/?a=b'],
      ],
    ],
    [['http://host/?a=b'], undefined, [['main', 'http://host/?a=b']]],
    [
      ['camera', 'door=pattern'],
      undefined,
      [
        ['main', 'camera'],
        ['door', 'pattern'],
      ],
    ],
  ])('are of %j, with --stream %s', (texts, stream, expected) => {
    const named = readNamedSources(texts, stream).map((one) => [one.stream, one.source])
    expect(named).toEqual(expected)
  })

  test('include a file whose name looks like one of several', () => {
    const folder = mkdtempSync(join(tmpdir(), 'zcast-named-'))
    const file = join(folder, 'a=b.mp4')
    writeFileSync(file, '')
    const before = process.cwd()
    process.chdir(folder)
    try {
      expect(readNamedSources(['a=b.mp4', 'c=a=b.mp4'], undefined)).toEqual([
        { stream: 'main', source: 'a=b.mp4' },
        { stream: 'c', source: 'a=b.mp4' },
      ])
    } finally {
      process.chdir(before)
      rmSync(folder, { recursive: true })
    }
  })

  test.each([
    [['camera', 'pattern'], undefined, /need names of their own, .*, got "main" twice$/],
    [['a=camera', 'a=pattern'], undefined, /need names of their own, .*, got "a" twice$/],
    [['a=camera', 'b=pattern'], 'desk', /^stream applies to a single source only: write NAME=SOURCE$/],
    [['a=camera'], 'desk', /^give either stream or NAME=SOURCE, not both$/],
  ])('are refused for %j, with --stream %s', (texts, stream, message) => {
    expect(() => readNamedSources(texts, stream)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringMatching(message) }),
    )
  })
})
