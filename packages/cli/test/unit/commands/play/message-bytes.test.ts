import { expect, test } from '@jest/globals'
import { messageBytes } from '../../../../src/commands/play/message-bytes.ts'

const pictures = { expectedBytes: 160_000, messages: 100 }
const few = { expectedBytes: 16_000, messages: 100 }
const many = { expectedBytes: 16_000, messages: 100_000 }

test('where everybody is waited for, a queue is sized by the mean message, but not above four times its bytes', () => {
  expect(messageBytes([pictures, few], true)).toBe(88_000)
  expect(messageBytes([pictures, many], true)).toBe(40_000)
  expect(messageBytes([pictures], true)).toBe(160_000)
})

test('where pictures are left out instead, it is sized by the largest', () => {
  expect(messageBytes([pictures, many], false)).toBe(160_000)
})
