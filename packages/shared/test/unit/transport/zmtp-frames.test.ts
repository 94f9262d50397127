import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { formatFrame, ZmtpFrames } from '../../../src/transport/zmtp/zmtp-frames.ts'
import {
  formatGreeting,
  formatReady,
  parseGreeting,
  parseSocketType,
} from '../../../src/transport/zmtp/zmtp-greeting.ts'

const MAX_PART = 1000

/** A message as ZMTP writes it. */
function write(parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    parts.map((part, index) => {
      const frame = formatFrame(part)
      if (index < parts.length - 1) frame[0] = 1 | (frame[0] ?? 0)
      return frame
    }),
  )
}

function readAll(chunks: readonly Buffer[]): { messages: string[]; commands: string[]; isWhole: boolean } {
  const [messages, commands]: [string[], string[]] = [[], []]
  const hex = (part: Uint8Array): string => Buffer.from(part).toString('hex')
  const frames = new ZmtpFrames(MAX_PART, {
    onMessage: (message) => messages.push(message.map(hex).join(' ')),
    onCommand: (body) => commands.push(hex(body)),
  })
  return { messages, commands, isWhole: chunks.every((chunk) => frames.take(chunk)) }
}

describe('the frames of ZMTP', () => {
  test('become the same messages, however they are cut', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 5 }), fc.array(fc.nat(400)), (messages, cuts) => {
        const stream = Buffer.concat(messages.map(write))
        const chunks: Buffer[] = []
        let at = 0
        for (const length of cuts) {
          chunks.push(stream.subarray(at, at + length))
          at += length
        }
        chunks.push(stream.subarray(at))
        const expected = messages.map((message) =>
          message.map((part) => Buffer.from(part).toString('hex')).join(' '),
        )
        expect(readAll(chunks)).toEqual({ messages: expected, commands: [], isWhole: true })
      }),
    )
  })

  test('are commands too, also between the parts of a message', () => {
    const [first, second] = [formatFrame(Buffer.from('a')), formatFrame(Buffer.from('b'))]
    first[0] = 1
    const read = readAll([Buffer.concat([first, formatFrame(Buffer.from('\x04PING'), true), second])])
    expect(read).toEqual({
      messages: ['61 62'],
      commands: [Buffer.from('\x04PING').toString('hex')],
      isWhole: true,
    })
  })

  test.each([
    ['a part over the limit', formatFrame(new Uint8Array(MAX_PART + 1)).subarray(0, 9)],
    ['a length beyond all memory', Buffer.from('02ffffffffffffffff', 'hex')],
    ['flags that do not exist', Buffer.from('f80161', 'hex')],
    ['a long command', formatFrame(new Uint8Array(5000), true)],
    [
      'a message of too many parts',
      Buffer.concat(Array.from({ length: 1024 }, () => Buffer.from('0100', 'hex'))),
    ],
    [
      'a message of many large parts',
      Buffer.concat(
        Array.from({ length: 5 }, () => {
          const frame = formatFrame(new Uint8Array(MAX_PART))
          frame[0] = 1 | (frame[0] ?? 0)
          return frame
        }),
      ),
    ],
  ])('are refused where there is %s', (_, bytes) => {
    expect(readAll([bytes])).toMatchObject({ messages: [], isWhole: false })
  })

  test('never throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(() => readAll([Buffer.from(bytes)])).not.toThrow()
        expect(typeof parseSocketType(bytes)).toBe('string')
        parseGreeting(bytes)
      }),
    )
  })

  test('begin with a greeting that both ends understand', () => {
    expect(parseGreeting(formatGreeting())).toBe('NULL')
    expect(parseSocketType(formatReady())).toBe('XSUB')
    expect(parseGreeting(Buffer.from('HTTP/1.1 400 Bad Request'.padEnd(64)))).toBeUndefined()
  })
})
