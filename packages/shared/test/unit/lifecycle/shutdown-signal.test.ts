import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { listenForShutdown, type ShutdownSignal } from '../../../src/lifecycle/shutdown-signal.ts'

const NAMES = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

let shutdown: ShutdownSignal
let exit: jest.Spied<typeof process.exit>

// With more than one worker, jest runs this file in a process that another one supervises, and a copy of its channel.
Object.defineProperty(process, 'channel', { value: undefined, configurable: true })

beforeEach(() => {
  jest.useFakeTimers()
  exit = jest.spyOn(process, 'exit').mockReturnValue(undefined as never)
  shutdown = listenForShutdown()
})

afterEach(() => {
  shutdown.dispose()
  jest.useRealTimers()
  jest.restoreAllMocks()
})

describe('listenForShutdown', () => {
  test.each(NAMES)('%s aborts, and a second one changes nothing', (name) => {
    let aborts = 0
    shutdown.signal.addEventListener('abort', () => (aborts += 1))
    process.emit(name)
    process.emit(name)
    expect(shutdown.signal.aborted).toBe(true)
    expect(aborts).toBe(1)
    expect(exit).not.toHaveBeenCalled()
  })

  test('can be asked for from inside', () => {
    shutdown.shutdown()
    expect(shutdown.signal.aborted).toBe(true)
  })

  test('an end that takes longer than 8 s is cut short with status 1', () => {
    shutdown.shutdown()
    jest.advanceTimersByTime(7999)
    expect(exit).not.toHaveBeenCalled()
    jest.advanceTimersByTime(1)
    expect(exit).toHaveBeenCalledWith(1)
  })

  test('after dispose nothing is listened to, and no process is ended', () => {
    const before = NAMES.map((name) => process.listenerCount(name))
    shutdown.shutdown()
    shutdown.dispose()
    shutdown.dispose()
    jest.advanceTimersByTime(60_000)
    expect(exit).not.toHaveBeenCalled()
    expect(NAMES.map((name) => process.listenerCount(name))).toEqual(before.map((count) => count - 1))
  })
})
