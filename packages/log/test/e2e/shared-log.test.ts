import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { followLog, parseLogLine, readLastLines } from '../../src/index.ts'
import { RotatingFile } from '../../src/rotating-file.ts'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { readAllLines } from '../support/read-all-lines.ts'

const directory = useTemporaryFolder()
let abort: AbortController
const children = new Set<ChildProcess>()

beforeEach(() => {
  abort = new AbortController()
})

afterEach(async () => {
  abort.abort()
  for (const child of children) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  children.clear()
})

function start(program: string, ...args: (string | number)[]): ChildProcess {
  const path = fileURLToPath(new URL(`../fixtures/${program}.js`, import.meta.url))
  const child = spawn(process.execPath, [path, ...args.map(String)], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.add(child)
  return child
}

/** Waits for the end of a program. */
async function finish(child: ChildProcess): Promise<{ status: number | null; stderr: string }> {
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, stderr }
}

/** For each role the numbers of its events, in the order of the log; fails on a line that is no whole event. */
function eventsByRole(lines: string[]): Map<string, number[]> {
  const events = new Map<string, number[]>()
  for (const text of lines) {
    const line = parseLogLine(text)
    const [, number, padding] = /^event (\d+) (x*)$/.exec(line?.message ?? '') ?? []
    if (line === undefined || padding?.length !== Number(number) % 100) throw new Error(`torn: ${text}`)
    events.set(line.role, [...(events.get(line.role) ?? []), Number(number)])
  }
  return events
}

function expectEachOnce(events: Map<string, number[]>, writers: number, count: number): void {
  const all = Array.from({ length: count }, (_, number) => number)
  expect(events.size).toBe(writers)
  for (const numbers of events.values()) expect(numbers.toSorted((a, b) => a - b)).toEqual(all)
}

describe('a log shared by many processes', () => {
  test('holds every line of 16 writers exactly once and whole, through rotations', async () => {
    const writers = 16
    const ends = Array.from({ length: writers }, (_, index) =>
      finish(start('log-writer', directory(), `client ${index}`, 5000, 200_000, 500)),
    )
    for (const end of await Promise.all(ends)) expect(end).toEqual({ status: 0, stderr: '' })
    expectEachOnce(eventsByRole(readAllLines(directory())), writers, 5000)
    const names = readdirSync(directory())
    expect(names.length).toBeGreaterThan(10)
    expect(names.filter((name) => !/^errors(\.\d+)?\.log$/.test(name))).toEqual([])
    const last = await readLastLines(directory(), { lines: 100 })
    expect(last).toEqual(readAllLines(directory()).slice(-100))
  })

  test('is followed through rotations while four writers write', async () => {
    const writers = 4
    const count = 2000
    const lines: string[] = []
    const ends: Promise<unknown>[] = []
    const followed = followLog(directory(), { signal: abort.signal })
    // The reader looks at the directory before anybody writes: nothing is there to start from.
    const first = followed.next()
    for (let index = 0; index < writers; index++) {
      ends.push(finish(start('log-writer', directory(), `client ${index}`, count, 50_000, 500)))
    }
    for (let next = await first; !next.done; next = await followed.next()) {
      lines.push(next.value)
      if (lines.length === writers * count) break
    }
    expectEachOnce(eventsByRole(lines), writers, count)
    await Promise.all(ends)
    await followed.return()
    expect(readAllLines(directory())).toHaveLength(lines.length)
  })

  test('is rotated after the holder of the lock was killed', async () => {
    const lock = join(directory(), 'errors.log.lock')
    const holder = start('log-lock-holder', lock)
    if (!holder.stdout) throw new Error('no stdout')
    await once(holder.stdout, 'data')
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ pid: holder.pid })
    const said: string[] = []
    const onFailure = (sentence: string): number => said.push(sentence)
    const open = (): RotatingFile =>
      new RotatingFile({ directory: directory(), maxBytes: 10, maxFiles: 5, onFailure })
    const before = open()
    before.append('first line')
    expect(before.append('second line')).toBe(true)
    // Nothing waits for the lock: that it is held for long is said with a later line.
    let more = 0
    while (said.length === 0) {
      await delay(50)
      before.append(`waited ${++more}`)
    }
    expect(said).toEqual([expect.stringContaining('another process holds the lock')])
    expect(existsSync(join(directory(), 'errors.1.log'))).toBe(false)
    const killed = once(holder, 'exit')
    holder.kill('SIGKILL')
    await killed
    const after = open()
    expect(after.append('third line')).toBe(true)
    expect(readdirSync(directory()).sort()).toEqual(['errors.1.log', 'errors.log'])
    const waited = Array.from({ length: more }, (_, index) => `waited ${index + 1}`)
    expect(readAllLines(directory())).toEqual(['first line', 'second line', ...waited, 'third line'])
    before.close()
    after.close()
  })

  test('loses nothing but what was never written when writers are killed', async () => {
    const options = [5000, 2000, 900] as const
    const victims = Array.from({ length: 4 }, (_, index) =>
      start('log-writer', directory(), `victim ${index}`, 1_000_000, 2000, 900),
    )
    const followed = followLog(directory(), { signal: abort.signal })
    for (let seen = 0; seen < 500; seen++) await followed.next()
    await followed.return()
    for (const victim of victims) victim.kill('SIGKILL')
    await Promise.all(victims.map((victim) => finish(victim)))
    expect(await finish(start('log-writer', directory(), 'survivor', ...options))).toEqual({
      status: 0,
      stderr: '',
    })
    const lines = readAllLines(directory())
    const survived = lines.filter((line) => parseLogLine(line)?.role === 'survivor')
    // The system may cut a victim's last line where it crosses a page; no other line suffers from it.
    expect(lines.filter((line) => parseLogLine(line) === undefined).length).toBeLessThanOrEqual(
      2 * victims.length,
    )
    const events = eventsByRole(survived)
    const survivor = events.get('survivor') ?? []
    // Few files are kept, so the oldest are gone; what is left has no hole.
    expect(survivor).toEqual(
      Array.from({ length: survivor.length }, (_, index) => 5000 - survivor.length + index),
    )
    expect(readdirSync(directory()).filter((name) => name.includes('lock'))).toEqual([])
  })

  test('ends with the error that a process died of', async () => {
    const { status, stderr } = await finish(start('log-crash', directory()))
    expect(status).not.toBe(0)
    expect(stderr).toContain('the last straw')
    const lines = readAllLines(directory()).map((line) => parseLogLine(line)?.message)
    expect(lines).toHaveLength(1001)
    expect(lines.at(-1)).toBe('died: the last straw (EPIPE)')
  })
})
