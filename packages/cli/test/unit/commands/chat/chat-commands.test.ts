import { describe, expect, test } from '@jest/globals'
import type { ChatLine } from '@zcast/room/client'
import { readCommand } from '../../../../src/commands/chat/screen/chat-commands.ts'
import { ChatLog } from '../../../../src/commands/chat/screen/chat-log.ts'
import { layOutChat } from '../../../../src/commands/chat/screen/chat-view.ts'
import { listNames } from '../../../../src/commands/chat/screen/people-changes.ts'

const guest = (id: string, name: string) => ({ id, name, isHost: id === 'a', isMuted: false })
const line = (id: number, of: string, name: string, text = 'x'): ChatLine => ({
  id,
  time: 0,
  guest: of,
  name,
  text,
})
const SUBJECTS = {
  guests: [guest('a', 'Ann'), guest('b', 'ben 2'), guest('c', 'ben')],
  lines: [line(1, 'c', 'ben'), line(2, 'd', 'gone'), line(3, 'b', 'ben 2')],
  bans: [{ guest: 'e', name: 'eve', time: 1 }],
}

describe('commands of a chat', () => {
  test.each([
    ['/remove', { type: 'remove', id: 3 }],
    ['/remove ben', { type: 'remove', id: 1 }],
    ['/remove 2', { type: 'remove', id: 2 }],
    ['/mute ann', { type: 'mute', guest: 'a', minutes: 10 }],
    ['/mute ben 2', { type: 'mute', guest: 'b', minutes: 10 }],
    ['/mute ben 2 30', { type: 'mute', guest: 'b', minutes: 30 }],
    ['/mute ben 5', { type: 'mute', guest: 'c', minutes: 5 }],
    ['/unmute BEN', { type: 'unmute', guest: 'c' }],
    ['/ban gone', { type: 'ban', guest: 'd' }],
    ['/unban eve', { type: 'unban', guest: 'e' }],
    ['/bans', { type: 'bans' }],
    ['/slow 30', { type: 'slow', seconds: 30 }],
  ])('%s asks the room', (text, send) => {
    expect(readCommand(text, SUBJECTS)).toEqual({ send })
  })

  test.each(['/fly', '/constructor', '/mute', '/mute nobody', '/ban', '/slow', '/slow x', '/remove nobody'])(
    '%s is answered here',
    (text) => {
      expect(readCommand(text, SUBJECTS)).toEqual({ show: [expect.stringMatching(/^\S/)] })
    },
  )

  test('are told from what is said', () => {
    expect(readCommand('hello /who', SUBJECTS)).toBeUndefined()
    expect(readCommand('//who', SUBJECTS)).toBeUndefined()
    expect(readCommand('/who', SUBJECTS)).toEqual({ show: ['Ann (host)', 'ben 2', 'ben'] })
  })
})

test.each([
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c', 'd'], 'a, b, c and d'],
  [Array.from({ length: 200 }, (_, index) => `g${index}`), 'g0, g1, g2 and 197 others'],
])('names are listed: %j', (names, text) => {
  expect(listNames(names)).toBe(text)
})

describe('the screen of a chat', () => {
  const log = new ChatLog()
  log.add([
    line(1, 'a', 'ann', 'one\ntwo'),
    line(2, 'b', '\u001b[31mben', '\u001b[2J\u202e evil'),
    line(3, 'c', 'cleo', 'a line that is longer than the terminal is wide'),
  ])
  const state = {
    title: 'room main',
    isLost: false,
    entries: log.entries,
    scrolledRows: 0,
    guests: SUBJECTS.guests,
    status: 'ben is typing',
    input: () => ({ text: 'abc', cursorColumn: 3 }),
  }
  const plain = (text: string): string => text
  const rowsOf = (columns: number, rows: number, scrolledRows = 0) =>
    layOutChat({ ...state, scrolledRows }, { columns, rows }, plain)

  test('has the newest lines above what is typed, and does nothing that others wrote', () => {
    const { rows, cursor } = rowsOf(40, 10)
    expect(rows.map((row) => row.trimEnd().replace(/^\d\d:\d\d/, 'HH:MM'))).toEqual([
      ' room main',
      '',
      '',
      'HH:MM ann: one',
      '      two',
      String.raw`HH:MM \x1b[31mben: \x1b[2J\u202e evil`,
      'HH:MM cleo: a line that is longer than',
      '      the terminal is wide',
      'ben is typing',
      '> abc',
    ])
    expect(cursor).toEqual({ column: 5, row: 9 })
  })

  test('scrolls back to the first line and no further', () => {
    const { rows, mostScrolled } = rowsOf(40, 5, 1000)
    expect(mostScrolled).toBe(3)
    expect(rows[1]).toContain('ann: one')
    expect(rows[3]).toBe('3 rows below: Page Down')
  })

  test('has as many rows as the terminal, however small, and lists who is here where there is room', () => {
    for (const [columns, rows] of [
      [1, 1],
      [2, 3],
      [10, 4],
      [71, 20],
      [200, 50],
    ] as const)
      expect(rowsOf(columns, rows).rows).toHaveLength(rows)
    expect(rowsOf(100, 10).rows.join('\n')).toContain('*Ann')
    expect(rowsOf(60, 10).rows.join('\n')).not.toContain('*Ann')
  })
})
