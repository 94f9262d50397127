import { describe, expect, test } from '@jest/globals'
import { type Log, type Notice, NoticeBoard, RateLimitedLog, TeeLog } from '../../../src/index.ts'

describe('a notice board', () => {
  test('tells each notice to its listeners until they have heard enough', () => {
    const board = new NoticeBoard()
    const heard: Notice[] = []
    const stop = board.onNotice((notice) => heard.push(notice))
    board.warning('the first')
    board.error('the second')
    stop()
    board.error('the third')
    expect(heard.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warning: the first',
      'error: the second',
    ])
  })

  test('keeps the newest 20 for who looks later', () => {
    const board = new NoticeBoard()
    for (let number = 1; number <= 25; number++) board.error(`failure ${number}`)
    expect(board.notices.map(({ message }) => message)).toEqual(
      Array.from({ length: 20 }, (_, index) => `failure ${index + 6}`),
    )
  })

  test('behind a rate limit it is told of a storm once, and of how many there were at its end', () => {
    const board = new NoticeBoard()
    const log = new RateLimitedLog(board)
    for (let number = 0; number < 480; number++) log.warning(`line ${number} is bad`, undefined, 'bad line')
    log.flush()
    const messages = board.notices.map(({ message }) => message)
    expect(messages).toHaveLength(2)
    expect(messages[0]).toBe('line 0 is bad')
    expect(messages[1]).toMatch(/^line 479 is bad \(repeated 479 times in /)
  })
})

test('a tee passes everything on to each log', () => {
  const lines: string[] = []
  const recorded = (name: string): Log => ({
    error: (message) => void lines.push(`${name} error: ${message}`),
    warning: (message) => void lines.push(`${name} warning: ${message}`),
    close: () => void lines.push(`${name} closed`),
  })
  const tee = new TeeLog([recorded('one'), recorded('two')])
  tee.error('broken')
  tee.warning('worn')
  tee.close()
  expect(lines).toEqual([
    'one error: broken',
    'two error: broken',
    'one warning: worn',
    'two warning: worn',
    'one closed',
    'two closed',
  ])
})
