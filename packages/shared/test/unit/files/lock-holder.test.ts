import { describe, expect, test } from '@jest/globals'
import { judgeHolder, newLockHolder, parseLockHolder } from '../../../src/files/lock-holder.ts'

describe('the holder of a lock', () => {
  test('is read back as written, and alive', () => {
    const holder = newLockHolder()
    expect(parseLockHolder(JSON.stringify(holder))).toEqual(holder)
    expect(judgeHolder(holder)).toBe('alive')
  })

  test('is not judged when it ran on another host', () => {
    expect(judgeHolder({ ...newLockHolder(), host: 'elsewhere', pid: 2 ** 30 })).toBe('unknown')
  })

  test('is dead when no process has its pid', () => {
    expect(judgeHolder({ ...newLockHolder(), pid: 2 ** 30 })).toBe('dead')
  })

  test('is dead when its pid belongs to a process that started later', () => {
    expect(judgeHolder({ ...newLockHolder(), started: '1' })).toBe('dead')
    expect(judgeHolder({ ...newLockHolder(), started: null })).toBe('alive')
  })

  test.each([
    ['nothing', ''],
    ['half of it', '{"pid":1,'],
    ['no object', 'null'],
    ['a pid that means every process', JSON.stringify({ ...newLockHolder(), pid: -1 })],
    ['a pid that means the own group', JSON.stringify({ ...newLockHolder(), pid: 0 })],
    ['a nonce that is a path', JSON.stringify({ ...newLockHolder(), nonce: '../../home' })],
  ])('is unknown when the lock holds %s', (_name, text) => {
    expect(parseLockHolder(text)).toBeUndefined()
  })
})
