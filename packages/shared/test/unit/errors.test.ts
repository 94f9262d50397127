import { stat } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import {
  ClosedError,
  CodecError,
  EndpointError,
  errorMessage,
  OptionError,
  SinkError,
  SourceError,
  StreamError,
  systemErrorCode,
} from '../../src/errors.ts'

describe('errors', () => {
  test('each has the name of its class, a code and a sentence', () => {
    const errors = [
      new OptionError('wrong'),
      new EndpointError('ERR_ADDRESS_IN_USE', 'tcp://x:1', 'taken'),
      new CodecError('ERR_MESSAGE_SIZE', 'too large'),
      new SourceError('ERR_SOURCE_FAILED', 'died'),
      new SinkError('full'),
      new ClosedError('the publisher'),
    ]
    expect(errors.map(({ name, code, message }) => `${name} ${code} ${message}`)).toEqual([
      'OptionError ERR_OPTION wrong',
      'EndpointError ERR_ADDRESS_IN_USE taken',
      'CodecError ERR_MESSAGE_SIZE too large',
      'SourceError ERR_SOURCE_FAILED died',
      'SinkError ERR_SINK full',
      'ClosedError ERR_CLOSED the publisher is closed',
    ])
    expect(errors.every((error) => error instanceof StreamError)).toBe(true)
  })

  test('the cause is kept', () => {
    const cause = new Error('below')
    expect(new SinkError('above', { cause }).cause).toBe(cause)
  })

  test('the system code is read from errors of any realm, and from nothing else', async () => {
    const error: unknown = await stat('/does/not/exist').catch((failure: unknown) => failure)
    expect(systemErrorCode(error)).toBe('ENOENT')
    for (const other of [undefined, null, 'ENOENT', 7, {}, { code: 7 }, new Error('none')]) {
      expect(systemErrorCode(other)).toBeUndefined()
    }
  })

  test('the message of anything thrown is one line', () => {
    expect(errorMessage(new Error('first\n   second\n'))).toBe('first second')
    expect(errorMessage('text')).toBe('text')
    expect(errorMessage(undefined)).toBe('undefined')
    expect(errorMessage({ message: 7 })).toBe('7')
  })
})
