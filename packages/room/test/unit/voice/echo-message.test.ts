import { describe, expect, test } from '@jest/globals'
import { readEchoMessage, writeEchoMessage } from '../../../src/voice/echo/echo-message.ts'
import { MessageSplitter } from '../../../src/voice/echo/message-splitter.ts'

const FORMAT = { rate: 44_100, channels: 2, chunk: 1024 }

describe('a message of the old voice echo', () => {
  test('has as many chunks as the programs play for its seconds, the last ones silent', () => {
    const samples = new Int16Array(44_100 * 2 * 1.5).fill(1000)
    const bytes = writeEchoMessage('ann', samples, FORMAT)
    expect(bytes.at(-1)).toBe(0)
    const value = JSON.parse(bytes.subarray(0, -1).toString()) as { duration: number; message: string[] }
    expect(value).toMatchObject({ username: 'ann', duration: 2, quit: false })
    expect(value.message.length).toBeGreaterThanOrEqual(Math.floor(44_100 / 1024) * 2)
    for (const chunk of value.message) expect(Buffer.from(chunk, 'base64')).toHaveLength(1024 * 4)
    const read = readEchoMessage(bytes.subarray(0, -1))
    expect(typeof read === 'string' ? read : read.samples.readInt16LE(samples.byteLength - 2)).toBe(1000)
    expect(typeof read === 'string' ? read : read.samples.readInt16LE(samples.byteLength)).toBe(0)
  })

  test('is ASCII, whatever the name', () => {
    const bytes = writeEchoMessage('Żółć 😀', new Int16Array(2), FORMAT)
    expect([...bytes.subarray(0, -1)].every((byte) => byte >= 0x20 && byte < 0x7f)).toBe(true)
    expect(JSON.parse(bytes.subarray(0, -1).toString())).toMatchObject({ username: 'Żółć 😀' })
  })

  test.each([
    ['no JSON', 'hello'],
    ['a list', '[1]'],
    ['null', 'null'],
    ['no chunks', '{"username":"ann","message":"x","quit":false}'],
    ['a chunk that is a number', '{"message":[1]}'],
    ['a chunk that is no base64', '{"message":["(){};"]}'],
  ])('is refused in a clause when it is %s', (_title, text) => {
    expect(readEchoMessage(Buffer.from(text))).toEqual(expect.any(String))
  })

  test('that says goodbye needs nothing else', () => {
    expect(readEchoMessage(Buffer.from('{"quit":true}'))).toMatchObject({ quit: true })
  })
})

describe('the splitter of messages', () => {
  test('finds every message, however the bytes come', () => {
    const bytes = Buffer.from('one\0two\0\0three\0rest')
    for (let size = 1; size < bytes.length; size++) {
      const splitter = new MessageSplitter(100)
      const messages: string[] = []
      for (let at = 0; at < bytes.length; at += size)
        messages.push(...(splitter.add(bytes.subarray(at, at + size)) ?? []).map(String))
      expect(messages).toEqual(['one', 'two', '', 'three'])
      expect(splitter.heldBytes).toBe(4)
    }
  })

  test('refuses one that never ends', () => {
    const splitter = new MessageSplitter(10)
    expect(splitter.add(Buffer.alloc(10, 1))).toEqual([])
    expect(splitter.add(Buffer.alloc(1, 1))).toBeUndefined()
  })
})
