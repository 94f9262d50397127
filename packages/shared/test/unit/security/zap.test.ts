import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { formatZapReply, parseZapRequest } from '../../../src/security/zap.ts'
import { encodeZ85 } from '../../../src/security/z85.ts'

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index)
const request = (...frames: (string | Uint8Array)[]): Uint8Array[] =>
  frames.map((frame) => (typeof frame === 'string' ? Buffer.from(frame) : frame))

describe('requests', () => {
  test('of CURVE are read', () => {
    expect(parseZapRequest(request('1.0', '7', 'zcast-1', '192.0.2.7', '', 'CURVE', KEY))).toEqual({
      domain: 'zcast-1',
      address: '192.0.2.7',
      publicKey: encodeZ85(KEY),
    })
  })

  test.each([
    ['NULL', []],
    ['PLAIN', ['name', 'password']],
  ])('of %s have no key', (mechanism, credentials) => {
    const read = parseZapRequest(request('1.0', '7', 'd', 'a', '', mechanism, ...credentials))
    expect(read).toEqual({ domain: 'd', address: 'a', publicKey: undefined })
  })

  test('arbitrary frames are read or not, and answered, without throwing', () => {
    const frame = fc.oneof(
      fc.constantFrom('1.0', 'CURVE', '').map((text) => Buffer.from(text)),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.uint8Array({ maxLength: 300 }),
    )
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 10 }), (frames) => {
        const read = parseZapRequest(frames)
        if (read) expect(read.domain.length).toBeLessThanOrEqual(255)
        const reply = formatZapReply(frames, read ? 'refused' : 'malformed')
        expect(reply).toHaveLength(6)
        expect(reply[2]).toBe(read ? '400' : '500')
      }),
    )
  })
})

test('a reply has the id of its request', () => {
  const frames = request('1.0', '7', 'zcast-1', '192.0.2.7', '', 'CURVE', KEY)
  expect(formatZapReply(frames, 'allowed').map(String)).toEqual(['1.0', '7', '200', 'OK', '', ''])
})
