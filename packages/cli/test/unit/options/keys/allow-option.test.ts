import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { planAllowed, type SocketStreams } from '../../../../src/options/keys/allow-option.ts'

const stream = (kind: string, name: string): { stream: string; topic: string } => ({
  stream: name,
  topic: `${kind}/${name}`,
})
const NUMBERS: SocketStreams = { kind: 'numbers', members: [stream('numbers', 'random')] }
const VIDEO: SocketStreams = { kind: 'video', members: [stream('video', 'main')] }
const AUDIO: SocketStreams = { kind: 'audio', members: [stream('audio', 'main')] }
const CAMERAS: SocketStreams = { kind: 'video', members: [stream('video', 'a'), stream('video', 'b')] }

/** The names that each socket allows. */
function allowed(text: string, ...sockets: SocketStreams[]): string[] {
  const sources = planAllowed([text], 'keys', sockets)
  return sources.map((list) => list.map(({ path }) => path.replace(/^keys\/(.+)\.key$/, '$1')).join())
}

describe('an item of 40 letters of Z85', () => {
  test.each([
    [`/srv/${'a'.repeat(31)}.key`, `/srv/${'a'.repeat(31)}.key`, NUMBERS],
    [`${'a'.repeat(32)}=numbers`, 'a'.repeat(32), NUMBERS],
    [`${'a'.repeat(34)}=video`, 'a'.repeat(34), VIDEO],
    [`${'a'.repeat(34)}=audio`, 'a'.repeat(34), AUDIO],
  ])('is no key where it is %s', (text, expected, socket) => {
    expect(text).toHaveLength(40)
    expect(allowed(text, socket)).toEqual([expected])
  })

  test('is refused, and not repeated, where it may be a key', () => {
    expect(() => allowed('a'.repeat(40), NUMBERS)).toThrow(
      /^allow must be the name of keys or of their file, never a key/,
    )
  })
})

describe('rights', () => {
  test.each<[string, SocketStreams[], string[]]>([
    ['lab', [NUMBERS, VIDEO], ['lab', 'lab']],
    ['lab,guest', [NUMBERS], ['lab,guest']],
    ['lab=numbers,guest=video', [NUMBERS, VIDEO], ['lab', 'guest']],
    ['lab=numbers,guest=video', [NUMBERS], ['lab']],
    ['lab=numbers,lab=video', [NUMBERS, VIDEO], ['lab', 'lab']],
    ['lab=random,guest=video/main', [NUMBERS, VIDEO], ['lab', 'guest']],
    ['lab=video', [CAMERAS], ['lab']],
    ['lab=a,lab=b', [CAMERAS], ['lab']],
    ['lab=a,lab', [CAMERAS], ['lab']],
  ])('of %s', (text, sockets, expected) => {
    expect(allowed(text, ...sockets)).toEqual(expected)
  })

  test.each<[string, SocketStreams[], RegExp]>([
    ['lab=a', [CAMERAS], /^allow cannot give "lab" video\/a without all the video of this publisher/],
    ['guest=video,lab=b', [CAMERAS], /^allow cannot give "lab" video\/b without/],
    ['lab=c', [CAMERAS], /^allow gives "lab" the stream "c", which is not published here$/],
    ['lab=', [VIDEO], /^allow names no stream for "lab"/],
    ['lab=a b', [VIDEO], /^allow names no stream for "lab"/],
    ['.lab', [VIDEO], /^allow must be the name of keys/],
    [',', [VIDEO], /^allow must not be empty$/],
    [
      'lab=main',
      [{ kind: 'video', members: [{ ...stream('video', 'main'), grows: true }] }],
      /^allow cannot give "lab" video\/main without all/,
    ],
  ])('of %s are refused', (text, sockets, sentence) => {
    expect(() => allowed(text, ...sockets)).toThrow(sentence)
  })
})

describe('names', () => {
  let folder = ''

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'zcast-allow-'))
    mkdirSync(join(folder, 'clients'))
    writeFileSync(join(folder, 'clients', 'lab.key'), '')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('of 40 letters, as a key has, are names where there are such keys', () => {
    const name = 'a'.repeat(40)
    const path = join(folder, `${name}.key`)
    writeFileSync(path, '')
    expect(planAllowed([name], folder, [VIDEO])).toEqual([[{ kind: 'file', path }]])
  })

  test('with a slash are those of a folder, or of a file', () => {
    const [sources] = planAllowed([join(folder, 'clients'), join(folder, 'clients/lab.key')], 'keys', [VIDEO])
    expect(sources).toEqual([
      { kind: 'directory', path: join(folder, 'clients') },
      { kind: 'file', path: join(folder, 'clients/lab.key') },
    ])
  })
})
