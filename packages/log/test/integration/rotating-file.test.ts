import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { RotatingFile } from '../../src/rotating-file.ts'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { readAllLines } from '../support/read-all-lines.ts'
import { mountSmallDisk } from '@zcast/testing/machine/small-disk'

const directory = useTemporaryFolder()

function open(options: { in?: string; maxBytes?: number; maxFiles?: number } = {}): {
  file: RotatingFile
  said: string[]
} {
  const said: string[] = []
  const { in: where = directory(), maxBytes = 100, maxFiles = 5 } = options
  const onFailure = (sentence: string): number => said.push(sentence)
  return { file: new RotatingFile({ directory: where, maxBytes, maxFiles, onFailure }), said }
}

const path = (name: string): string => join(directory(), name)
const numbered = (count: number): string[] => Array.from({ length: count }, (_, number) => `line ${number}`)

describe('the rotating file', () => {
  test('starts a new file before a line would make it too large', () => {
    const { file } = open({ maxBytes: 21 })
    for (const line of numbered(7)) file.append(line)
    expect(readdirSync(directory()).sort()).toEqual(['errors.1.log', 'errors.2.log', 'errors.log'])
    expect(readFileSync(path('errors.2.log'), 'utf8')).toBe('line 0\nline 1\nline 2\n')
    expect(readFileSync(path('errors.log'), 'utf8')).toBe('line 6\n')
    file.close()
  })

  test.each([1, 2, 3])('keeps %i files in all', (maxFiles) => {
    const { file } = open({ maxBytes: 7, maxFiles })
    for (const line of numbered(9)) file.append(line)
    expect(readAllLines(directory())).toEqual(numbered(9).slice(-maxFiles))
    file.close()
  })

  test('drops the files that are too many since the limit was lowered', () => {
    for (const name of ['errors.log', 'errors.1.log', 'errors.2.log', 'errors.7.log'])
      writeFileSync(path(name), 'a\n')
    writeFileSync(path('errors.txt'), 'not ours')
    const { file } = open({ maxBytes: 2, maxFiles: 2 })
    file.append('b')
    expect(readdirSync(directory()).sort()).toEqual(['errors.1.log', 'errors.log', 'errors.txt'])
    file.close()
  })

  test('fills the gap that a killed rotation left, and drops nothing', () => {
    for (const [name, line] of [
      ['errors.4.log', 'a'],
      ['errors.2.log', 'b'],
      ['errors.1.log', 'c'],
      ['errors.log', 'd'],
    ] as const)
      writeFileSync(path(name), `${line}\n`)
    const { file } = open({ maxBytes: 2 })
    file.append('e')
    expect(readAllLines(directory())).toEqual(['a', 'b', 'c', 'd', 'e'])
    file.close()
  })

  test('follows when another process has rotated', () => {
    const { file } = open()
    file.append('before')
    renameSync(path('errors.log'), path('errors.1.log'))
    file.append('after')
    expect(readAllLines(directory())).toEqual(['before', 'after'])
    file.close()
  })

  test('makes the directory again when it was removed', () => {
    const where = join(directory(), 'a', 'b')
    const { file, said } = open({ in: where })
    file.append('before')
    rmSync(join(directory(), 'a'), { recursive: true })
    expect(file.append('after')).toBe(true)
    expect(readAllLines(where)).toEqual(['after'])
    expect(said).toEqual([])
    file.close()
  })

  test('says once that it cannot write, and again only after it could', () => {
    const where = join(directory(), 'logs')
    const { file, said } = open({ in: where })
    for (let round = 1; round <= 2; round++) {
      rmSync(where, { recursive: true, force: true })
      writeFileSync(where, 'in the way')
      for (const line of numbered(3)) expect(file.append(line)).toBe(false)
      expect(said).toHaveLength(round)
      rmSync(where)
      expect(file.append('well again')).toBe(true)
    }
    expect(said[0]).toMatch(
      /^cannot write the error log \S+errors\.log: .+ \(E[A-Z]+\); streaming goes on, [^\n]+$/,
    )
    file.close()
  })

  const disk = mountSmallDisk(64 * 1024)
  if (typeof disk === 'string') console.log(`a full disk is not tested: ${disk}`)
  else afterAll(() => disk.remove())
  const withFullDisk = typeof disk === 'string' ? test.skip : test
  withFullDisk('goes on when the disk is full', () => {
    const folder = typeof disk === 'string' ? '' : disk.folder
    const fill = join(folder, 'fill')
    expect(() => writeFileSync(fill, new Uint8Array(128 * 1024))).toThrow('ENOSPC')
    const said: string[] = []
    const onFailure = (sentence: string): number => said.push(sentence)
    const file = new RotatingFile({ directory: folder, maxBytes: 1000, maxFiles: 5, onFailure })
    for (const line of numbered(3)) expect(file.append(line)).toBe(false)
    expect(said).toEqual([expect.stringContaining('no space left on device (ENOSPC)')])
    rmSync(fill)
    expect(file.append('after')).toBe(true)
    expect(readAllLines(folder)).toEqual(['after'])
    file.close()
  })

  test.each([
    ['a named pipe', 'it is not a regular file', (lock: string) => spawnSync('mkfifo', [lock])],
    ['a link', 'it is a link', (lock: string) => symlinkSync('/proc/1/status', lock)],
  ])('never waits for a lock that is %s, and says why it cannot rotate', (_, flaw, plant) => {
    const { file, said } = open({ maxBytes: 10 })
    file.append('first line')
    plant(path('errors.log.lock'))
    for (const line of numbered(5)) expect(file.append(line)).toBe(true)
    expect(said).toEqual([expect.stringContaining(flaw)])
    expect(readAllLines(directory())).toEqual(['first line', ...numbered(5)])
    rmSync(path('errors.log.lock'))
    file.close()
  })

  test('passes over pipes and links that lie beside the lock', () => {
    const { file, said } = open({ maxBytes: 10 })
    spawnSync('mkfifo', [path('errors.log.lock.stale.x')])
    symlinkSync('/nowhere', path('errors.log.lock.y'))
    for (const line of numbered(3)) expect(file.append(line)).toBe(true)
    expect(said).toEqual([])
    expect(existsSync(path('errors.1.log'))).toBe(true)
    file.close()
  })

  test.each(['errors.log', 'errors.1.log'])('writes nothing through a link at %s', (name) => {
    const victim = path('victim')
    writeFileSync(victim, 'private', { mode: 0o600 })
    symlinkSync(victim, path(name))
    const { file } = open({ maxBytes: 10 })
    for (const line of numbered(3)) file.append(line)
    expect(readFileSync(victim, 'utf8')).toBe('private')
    file.close()
  })

  test('ends a line that another process left torn', () => {
    const { file } = open()
    file.append('before')
    appendFileSync(path('errors.log'), 'tor')
    file.append('after')
    file.append('last')
    expect(readAllLines(directory())).toEqual(['before', 'tor', 'after', 'last'])
    file.close()
  })

  test('writes a line that is longer than a file may be', () => {
    const { file } = open({ maxBytes: 10 })
    file.append('x'.repeat(50))
    file.append('y')
    expect(readAllLines(directory())).toEqual(['x'.repeat(50), 'y'])
    file.close()
  })

  test('writes on into the large file, and says so once, when it cannot rotate', () => {
    const { file, said } = open({ maxBytes: 7 })
    file.append('line 0')
    // A directory in the lock's place can neither be taken nor broken.
    mkdirSync(path('errors.log.lock'))
    for (const line of numbered(9).slice(1)) expect(file.append(line)).toBe(true)
    expect(readAllLines(directory())).toEqual(numbered(9))
    expect(said).toEqual([
      expect.stringMatching(/^cannot rotate the error log \S+: .+; it keeps growing until /),
    ])
    file.close()
  })

  test('writes a line that comes after closing', () => {
    const { file } = open()
    file.append('before')
    file.close()
    file.close()
    expect(file.append('after')).toBe(true)
    expect(readAllLines(directory())).toEqual(['before', 'after'])
    file.close()
  })
})

const smallDisk = mountSmallDisk(20 * 1024)
const withSmallDisk = typeof smallDisk === 'string' ? test.skip : test

describe('a disk that fills up in the middle of a line', () => {
  withSmallDisk('tears no other line when there is space again (needs root, to mount a tmpfs)', () => {
    const disk = typeof smallDisk === 'string' ? '' : smallDisk.folder
    try {
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(8192))
      const { file, said } = open({ in: disk, maxBytes: 1_000_000 })
      const written: string[] = []
      const write = (line: string): void => {
        if (file.append(line)) written.push(line)
      }
      for (let number = 0; said.length === 0; number++) write(`line ${number} ${'x'.repeat(77)}`)
      for (let number = 0; number < 5; number++) write(`lost ${number} ${'x'.repeat(77)}`)
      expect(said).toHaveLength(1)
      rmSync(join(disk, 'ballast'))
      write('well again')
      file.close()
      const lines = readAllLines(disk)
      expect(lines.filter((line) => written.includes(line))).toEqual(written)
      expect(written.at(-1)).toBe('well again')
      // The torn line itself stands alone.
      expect(lines).toHaveLength(written.length + 1)
    } finally {
      if (typeof smallDisk !== 'string') smallDisk.remove()
    }
  })
})
