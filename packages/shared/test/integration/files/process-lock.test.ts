import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { newLockHolder } from '../../../src/files/lock-holder.ts'
import { ProcessLock } from '../../../src/files/process-lock.ts'

const directory = useTemporaryFolder()
const lockPath = (): string => join(directory(), 'lock')

describe('a lock for as long as a process runs', () => {
  test('keeps others out, by name, until it is given back', async () => {
    const lock = await ProcessLock.take(lockPath(), 'the chat')
    expect(lock.isHeld).toBe(true)
    await expect(ProcessLock.take(lockPath(), 'the chat')).rejects.toMatchObject({
      code: 'ERR_FILE_IN_USE',
      message: `the chat is in use by another process (${process.pid}): end that one, or choose another folder`,
    })
    lock.release()
    lock.release()
    expect(readdirSync(directory())).toEqual([])
    const next = await ProcessLock.take(lockPath(), 'the chat')
    next.release()
  })

  test('is waited for while its holder is being stopped', async () => {
    const lock = await ProcessLock.take(lockPath(), 'the chat')
    const taking = ProcessLock.take(lockPath(), 'the chat')
    lock.release()
    ;(await taking).release()
  })

  test('does not outlive a holder that was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 1e9)'], { stdio: 'ignore' })
    writeFileSync(lockPath(), JSON.stringify({ ...newLockHolder(), pid: child.pid, started: null }))
    child.kill('SIGKILL')
    await once(child, 'exit')
    const lock = await ProcessLock.take(lockPath(), 'the chat')
    expect(lock.isHeld).toBe(true)
    lock.release()
  })

  test('of another machine is taken over once it is not touched any more', async () => {
    writeFileSync(lockPath(), JSON.stringify({ ...newLockHolder(), host: 'elsewhere' }))
    const lock = await ProcessLock.take(lockPath(), 'the chat', 100)
    lock.release()
  })
})
