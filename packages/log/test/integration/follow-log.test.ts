import { appendFileSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type FollowOptions, followLog } from '../../src/index.ts'
import { RotatingFile } from '../../src/rotating-file.ts'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'

const directory = useTemporaryFolder()
let abort: AbortController

beforeEach(() => {
  abort = new AbortController()
})

// A follower that a failed test left waiting would keep jest from ending.
afterEach(() => abort.abort())

const path = (): string => join(directory(), 'errors.log')

function openFile(maxFiles: number): RotatingFile {
  const fail = (sentence: string): never => {
    throw new Error(sentence)
  }
  return new RotatingFile({ directory: directory(), maxBytes: 100, maxFiles, onFailure: fail })
}

/** Takes that many lines. */
async function take(lines: AsyncIterator<string>, count: number): Promise<string[]> {
  const taken: string[] = []
  while (taken.length < count) {
    const next = await lines.next()
    if (next.done) break
    taken.push(next.value)
  }
  return taken
}

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}`)

const follow = (where: string, options: FollowOptions = {}): AsyncGenerator<string, void> =>
  followLog(where, { signal: abort.signal, ...options })

describe('following the log', () => {
  test('yields earlier lines, then new ones, through rotations', async () => {
    const file = openFile(50)
    for (const line of numbered(0, 30)) file.append(line)
    const lines = follow(directory(), { lines: 25 })
    expect(await take(lines, 25)).toEqual(numbered(5, 30))
    for (let round = 0; round < 5; round++) {
      const expected = numbered(30 + round * 100, 130 + round * 100)
      for (const line of expected) file.append(line)
      expect(await take(lines, 100)).toEqual(expected)
    }
    await lines.return()
    file.close()
  })

  test('keeps pace with a writer while few files are kept', async () => {
    const file = openFile(2)
    file.append('start')
    const lines = follow(directory(), { lines: 1 })
    expect(await take(lines, 1)).toEqual(['start'])
    for (const line of numbered(0, 200)) {
      file.append(line)
      expect(await take(lines, 1)).toEqual([line])
    }
    await lines.return()
    file.close()
  })

  test('starts before there is a log', async () => {
    const where = join(directory(), 'later')
    const lines = follow(where)
    const first = take(lines, 2)
    const file = new RotatingFile({ directory: where, maxBytes: 10, maxFiles: 5, onFailure: () => undefined })
    file.append('first')
    file.append('second')
    expect(await first).toEqual(['first', 'second'])
    await lines.return()
    file.close()
  })

  test('yields a line only when it is complete', async () => {
    writeFileSync(path(), 'start\nhalf ')
    const lines = follow(directory(), { lines: 1 })
    expect(await take(lines, 1)).toEqual(['start'])
    const next = take(lines, 2)
    for (const part of ['of ', 'a ', 'lin', 'e\nand ', 'more\n']) appendFileSync(path(), part)
    expect(await next).toEqual(['half of a line', 'and more'])
    await lines.return()
  })

  test('reads a line that came late into a rotated file', async () => {
    const file = openFile(5)
    file.append('start')
    const lines = follow(directory(), { lines: 1 })
    await take(lines, 1)
    file.append('x'.repeat(200))
    expect(await take(lines, 1)).toEqual(['x'.repeat(200)])
    appendFileSync(join(directory(), 'errors.1.log'), 'late\n')
    expect(await take(lines, 1)).toEqual(['late'])
    await lines.return()
    file.close()
  })

  test('goes on after the log was removed or emptied, without repeating what was there', async () => {
    writeFileSync(join(directory(), 'errors.1.log'), 'old\n')
    // File times advance in ticks of milliseconds; a file rotated long ago is told by being older.
    utimesSync(join(directory(), 'errors.1.log'), 0, 0)
    writeFileSync(path(), 'start\n')
    const lines = follow(directory(), { lines: 1 })
    await take(lines, 1)
    rmSync(path())
    writeFileSync(path(), 'made again\n')
    expect(await take(lines, 1)).toEqual(['made again'])
    truncateSync(path())
    const next = take(lines, 1)
    appendFileSync(path(), 'new\n')
    expect(await next).toEqual(['new'])
    await lines.return()
  })

  test.each([
    ['a name that is none of the log', 'errors.log.1'],
    ['a name like one of the log', 'errors.1.log'],
  ])('yields only what is new after somebody else moved the file to %s', async (_, name) => {
    const file = openFile(50)
    for (const line of numbered(0, 40)) file.append(line)
    const lines = follow(directory(), { lines: 1 })
    expect(await take(lines, 1)).toEqual(['line 39'])
    for (let round = 0; round < 3; round++) {
      const next = take(lines, 1)
      // It has looked while there was no file at all, as between the two steps of logrotate.
      renameSync(path(), join(directory(), name))
      await new Promise((resolve) => setTimeout(resolve, 600))
      file.append(`new ${round}`)
      expect(await next).toEqual([`new ${round}`])
    }
    await lines.return()
    file.close()
  })

  test('filters', async () => {
    const line = (level: string, role: string): string =>
      `1 - 2026-08-04T12:00:00.000+00:00 - ${level} - ${role}: a`
    writeFileSync(path(), `${line('ERROR', 'client 1')}\n`)
    const lines = follow(directory(), { lines: 5, level: 'error', role: 'client' })
    expect(await take(lines, 1)).toEqual([line('ERROR', 'client 1')])
    for (const [level, role] of [
      ['WARNING', 'client 1'],
      ['ERROR', 'publisher'],
      ['ERROR', 'client 2'],
    ] as const)
      appendFileSync(path(), `${line(level, role)}\n`)
    expect(await take(lines, 1)).toEqual([line('ERROR', 'client 2')])
    await lines.return()
  })

  test('ends without an error when the signal aborts: before, while waiting, while reading', async () => {
    expect(await followLog(directory(), { signal: AbortSignal.abort() }).next()).toEqual({
      done: true,
      value: undefined,
    })
    const waiting = new AbortController()
    const next = followLog(directory(), { signal: waiting.signal }).next()
    waiting.abort()
    expect((await next).done).toBe(true)
    writeFileSync(path(), 'a\nb\nc\n')
    const reading = new AbortController()
    const seen: string[] = []
    for await (const line of followLog(directory(), { signal: reading.signal, lines: 3 })) {
      seen.push(line)
      reading.abort()
    }
    expect(seen).toEqual(['a'])
  })
})
