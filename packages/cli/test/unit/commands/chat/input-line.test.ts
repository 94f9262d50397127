import { describe, expect, test } from '@jest/globals'
import { InputLine } from '../../../../src/commands/chat/screen/input-line.ts'
import { KeyReader } from '../../../../src/commands/chat/screen/read-keys.ts'

describe('the line that is typed', () => {
  test('is edited by what people take for characters', () => {
    const line = new InputLine()
    line.insert('a\u{1f468}\u200d\u{1f469}')
    line.insert('\u200d\u{1f467}b')
    line.move(-1)
    line.remove(-1)
    expect(line.text).toBe('ab')
    line.insert('\u4f60 x')
    expect(line.text).toBe('a\u4f60 xb')
    line.removeWord()
    expect(line.text).toBe('a\u4f60 b')
    line.move(Number.NEGATIVE_INFINITY)
    line.remove(1)
    line.remove(-5)
    line.move(Number.POSITIVE_INFINITY)
    line.remove(5)
    expect(line.text).toBe('\u4f60 b')
    line.removeSide('left')
    expect(line.text).toBe('')
  })

  test('goes back to earlier lines, and to what was being typed', () => {
    const line = new InputLine()
    for (const text of ['one', 'two']) {
      line.insert(text)
      expect(line.take()).toBe(text)
    }
    line.insert('dra')
    line.recall(-1)
    line.recall(-1)
    line.recall(-1)
    expect(line.text).toBe('one')
    line.recall(1)
    line.recall(1)
    expect(line.text).toBe('dra')
  })

  test('shows the part around the cursor', () => {
    const line = new InputLine()
    line.insert('abcdefghij')
    expect(line.visible(20)).toEqual({ text: 'abcdefghij', cursorColumn: 10 })
    expect(line.visible(5)).toEqual({ text: 'hij', cursorColumn: 3 })
    line.move(Number.NEGATIVE_INFINITY)
    expect(line.visible(5)).toEqual({ text: 'abcde', cursorColumn: 0 })
    line.insert('\u4f60'.repeat(600))
    expect(line.visible(6)).toEqual({ text: '\u4f60\u4f60', cursorColumn: 4 })
  })
})

describe('keys', () => {
  test('are read, also when they come in pieces, and nothing else of a sequence is text', () => {
    const reader = new KeyReader()
    expect(reader.read('h\u00e9\r')).toEqual([{ text: 'h\u00e9' }, { key: 'enter' }])
    expect(reader.read('\u001b[A\u001bOB\u001b[5~\u001b[3~\u001b[1;5C\u001b[?62c')).toEqual([
      { key: 'up' },
      { key: 'down' },
      { key: 'page-up' },
      { key: 'delete' },
      { key: 'right' },
    ])
    expect(reader.read('\u001b[')).toEqual([])
    expect(reader.read('6~x')).toEqual([{ key: 'page-down' }, { text: 'x' }])
    expect(reader.read('\u0003\u0004\u007f\u0015')).toEqual([
      { key: 'quit' },
      { key: 'end-of-input' },
      { key: 'backspace' },
      { key: 'to-start' },
    ])
  })

  test('that are pasted are one text, without line ends', () => {
    const reader = new KeyReader()
    expect(reader.read('\u001b[200~one\ntwo')).toEqual([])
    expect(reader.read('\r\u0003three\u001b[201~\r')).toEqual([{ text: 'one two three' }, { key: 'enter' }])
  })
})
