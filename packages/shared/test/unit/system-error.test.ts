import { describe, expect, test } from '@jest/globals'
import { EndpointError } from '../../src/errors.ts'
import { describeSystemError, withSystemCode } from '../../src/system-error.ts'

const inUse = { code: 'EADDRINUSE', message: 'Address already in use' }

describe('the system code of a cause', () => {
  test('is added to the message', () => {
    expect(withSystemCode('cannot bind', inUse)).toBe('cannot bind (EADDRINUSE)')
  })

  test('is found below our own error', () => {
    const error = new EndpointError('ERR_ADDRESS_IN_USE', 'tcp://127.0.0.1:1', 'cannot bind', {
      cause: inUse,
    })
    expect(withSystemCode(error.message, error)).toBe('cannot bind (EADDRINUSE)')
  })

  test('is not repeated, and not made up', () => {
    expect(withSystemCode('cannot bind (EADDRINUSE)', inUse)).toBe('cannot bind (EADDRINUSE)')
    for (const cause of [
      undefined,
      null,
      'EADDRINUSE',
      new Error('no code'),
      { code: 'ERR_SINK' },
      { code: 5 },
    ]) {
      expect(withSystemCode('cannot bind', cause)).toBe('cannot bind')
    }
  })

  test('is searched in a circle of causes without end', () => {
    const error: { cause?: unknown } = {}
    error.cause = error
    expect(withSystemCode('cannot bind', error)).toBe('cannot bind')
  })
})

describe('describeSystemError', () => {
  test('says the reason and the code', () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    expect(describeSystemError(error)).toBe('no space left on device (ENOSPC)')
    expect(describeSystemError('odd')).toBe('odd')
  })
})
