import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { newLockHolder } from '@zcast/shared/internal'
import { RotationLock } from '../../src/rotation-lock.ts'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'

const directory = useTemporaryFolder()
const always = (): boolean => true
const lockPath = (): string => join(directory(), 'lock')
const DEAD_PID = 2 ** 30

/** Tries to run under the lock without waiting. */
function tryRun(lock: RotationLock): boolean {
  let ran = false
  const done = lock.run(() => {
    ran = true
  }, always)
  expect(ran).toBe(done)
  return ran
}

describe('the rotation lock', () => {
  test('is held while the action runs and gone afterwards, also when it throws', () => {
    const lock = new RotationLock(lockPath())
    const fail = (): never => {
      expect(readdirSync(directory())).toEqual(['lock'])
      expect(tryRun(new RotationLock(lockPath(), { waitMs: 0 }))).toBe(false)
      throw new Error('failed')
    }
    expect(() => lock.run(fail, always)).toThrow('failed')
    expect(readdirSync(directory())).toEqual([])
  })

  test('is not taken when the work is done already', () => {
    let asked = 0
    const neededOnce = (): boolean => asked++ === 0
    const run = (): never => {
      throw new Error('done twice')
    }
    expect(new RotationLock(lockPath()).run(run, neededOnce)).toBe(true)
    expect(readdirSync(directory())).toEqual([])
  })

  test('is broken at once when its holder died on this host', () => {
    writeFileSync(lockPath(), JSON.stringify({ ...newLockHolder(), pid: DEAD_PID }))
    expect(tryRun(new RotationLock(lockPath(), { waitMs: 0 }))).toBe(true)
    expect(readdirSync(directory())).toEqual([])
  })

  test.each([
    ['runs on another host', JSON.stringify({ ...newLockHolder(), host: 'elsewhere', pid: DEAD_PID })],
    ['had not yet written its name', ''],
  ])('of a holder that %s is broken only when it was seen for long', (_name, content) => {
    writeFileSync(lockPath(), content)
    expect(tryRun(new RotationLock(lockPath(), { waitMs: 0 }))).toBe(false)
    expect(tryRun(new RotationLock(lockPath(), { waitMs: 60_000, abandonedMs: 20 }))).toBe(true)
    expect(readdirSync(directory())).toEqual([])
  })

  test('of a living holder is respected however old it is', () => {
    writeFileSync(lockPath(), JSON.stringify(newLockHolder()))
    expect(tryRun(new RotationLock(lockPath(), { waitMs: 50, abandonedMs: 0 }))).toBe(false)
    expect(readdirSync(directory())).toEqual(['lock'])
  })

  test('is left to the process that breaks it, unless that one was killed as well', () => {
    const holder = { ...newLockHolder(), pid: DEAD_PID }
    writeFileSync(lockPath(), JSON.stringify(holder))
    writeFileSync(`${lockPath()}.stale.${holder.nonce}`, '')
    expect(tryRun(new RotationLock(lockPath(), { waitMs: 0 }))).toBe(false)
    expect(tryRun(new RotationLock(lockPath(), { waitMs: 60_000, abandonedMs: 20 }))).toBe(true)
    expect(readdirSync(directory())).toEqual([])
  })

  test('leaves nothing behind that killed processes left', () => {
    const [alive, dead] = [newLockHolder(), { ...newLockHolder(), pid: DEAD_PID }]
    writeFileSync(`${lockPath()}.${alive.nonce}`, JSON.stringify(alive))
    writeFileSync(`${lockPath()}.${dead.nonce}`, JSON.stringify(dead))
    writeFileSync(`${lockPath()}.${newLockHolder().nonce}`, '')
    writeFileSync(`${lockPath()}.stale.${dead.nonce}`, '')
    expect(tryRun(new RotationLock(lockPath()))).toBe(true)
    expect(readdirSync(directory())).toEqual([`lock.${alive.nonce}`])
  })

  test('that cannot be made is an error', () => {
    const gone = join(mkdtempSync(join(directory(), 'a-')), 'gone', 'lock')
    expect(() => tryRun(new RotationLock(gone))).toThrow(expect.objectContaining({ code: 'ENOENT' }))
  })
})
