import { expect, test } from '@jest/globals'
import { escapeControls } from '../../src/escape-controls.ts'

test.each([
  ['a newline', 'a\nb', 'a\\nb'],
  ['a carriage return', 'a\rb', 'a\\rb'],
  ['a terminal escape', '\u001b[31mred', '\\x1b[31mred'],
  ['an eight-bit terminal escape', '\u009b31m', '\\x9b31m'],
  ['text that runs backwards', 'a\u202eb', 'a\\u202eb'],
])('shows %s as an escape', (_name, text, escaped) => {
  expect(escapeControls(text)).toBe(escaped)
  expect(escapeControls(escaped)).toBe(escaped)
})
