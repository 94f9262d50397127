import { describe, expect, test } from '@jest/globals'
import { TerminalAnswers } from '../../../../src/sinks/terminal/ask-terminal.ts'
import { keyAction } from '../../../../src/sinks/terminal/keys.ts'

const NEVER_MS = 60_000

describe('keys', () => {
  test.each([
    ['q', 'quit'],
    ['\x03', 'quit'],
    ['xxq', 'quit'],
    ['\x1a', 'suspend'],
    ['\x0c', 'repaint'],
    ['x', undefined],
    ['\x1b', undefined],
    ['\x1b[A', undefined],
    ['\x1b[1;5q', undefined],
    ['\x1bOq', undefined],
    ['\x1b[?62;22c', undefined],
    ['\x1b_Gi=31;quite wrong\x1b\\', undefined],
    ['\x1b]11;rgb:1/q\x07', undefined],
    ['\x1b[?62cq', 'quit'],
  ])('%j is %s', (text, action) => {
    expect(keyAction(text)).toBe(action)
  })
})

describe("a terminal's answers", () => {
  test('in pieces: kitty graphics and the shape of a cell', async () => {
    const answers = new TerminalAnswers(NEVER_MS)
    for (const piece of ['\x1b_Gi=31;', 'OK\x1b\\\x1b[6;', '20;10t\x1b[?6', '2c']) answers.add(piece)
    expect(await answers.complete).toEqual({ kitty: true, cellAspect: 0.5 })
  })

  test('only device attributes: no graphics', async () => {
    const answers = new TerminalAnswers(NEVER_MS)
    answers.add('\x1b[?1;2c')
    expect(await answers.complete).toEqual({ kitty: false, cellAspect: undefined })
  })

  test('an error about the graphics is a no', async () => {
    const answers = new TerminalAnswers(NEVER_MS)
    answers.add('\x1b_Gi=31;ENOTSUPPORTED:no\x1b\\\x1b[6;0;0t\x1b[?62c')
    expect(await answers.complete).toEqual({ kitty: false, cellAspect: undefined })
  })

  test('silence says nothing, and is waited for no longer than told', async () => {
    expect(await new TerminalAnswers(1).complete).toEqual({ kitty: undefined, cellAspect: undefined })
  })
})
