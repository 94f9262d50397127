import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, jest, test } from '@jest/globals'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { cleanText } from '../../../src/chat/clean-text.ts'
import { describeWait } from '../../../src/chat/describe-wait.ts'
import { Moderation } from '../../../src/chat/moderation.ts'
import { Pace } from '../../../src/limits/pace.ts'
import { Typists } from '../../../src/chat/typists.ts'

const folder = useTemporaryFolder()

describe('what is said', () => {
  test.each([
    ['  hello  ', 'hello'],
    ['one\r\ntwo\rthree\u2028four', 'one\ntwo\nthree\nfour'],
    ['a\n\n \n\n\nb', 'a\n\nb'],
    ['\u001b[31mred\u0007', '[31mred'],
    ['evil \u202egnp.exe\u2066', 'evil gnp.exe'],
    ['a\ud800b', 'a\ufffdb'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67', '\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67'],
    [`z${'\u0300'.repeat(200)}!`, `z${'\u0300'.repeat(6)}!`],
  ])('%j is kept as %j', (text, kept) => {
    expect(cleanText(text, 500)).toBe(kept)
  })

  test('has 500 characters at most, however many bytes they have', () => {
    const emoji = '\ud83d\ude00'
    expect(cleanText(emoji.repeat(500), 500)).toBe(emoji.repeat(500))
    expect(() => cleanText(emoji.repeat(501), 500)).toThrow(
      expect.objectContaining({
        code: 'ERR_TOO_LONG',
        message: 'a message has at most 500 characters, this one has 501',
      }),
    )
  })

  test.each([
    ['', 'ERR_EMPTY'],
    [' \n\u200b ', 'ERR_EMPTY'],
    [7, 'ERR_MESSAGE'],
    [undefined, 'ERR_MESSAGE'],
  ])('is refused when it is %j', (text, code) => {
    expect(() => cleanText(text, 500)).toThrow(expect.objectContaining({ code }))
  })
})

describe('a pace', () => {
  test('is so many times within a time, and then says how long to wait', () => {
    let now = 0
    const pace = new Pace({ times: 3, withinMs: 1000 }, () => now)
    for (const at of [0, 100, 200]) {
      now = at
      expect(pace.waitMs('ann')).toBe(0)
      pace.note('ann')
    }
    now = 300
    expect(pace.waitMs('ann')).toBe(700)
    expect(pace.waitMs('ben')).toBe(0)
    now = 1000
    expect(pace.waitMs('ann')).toBe(0)
    expect(pace.waitMs('ann', 5000)).toBe(4200)
  })

  test('remembers a limited number of people, those who were active last', () => {
    const pace = new Pace({ times: 1, withinMs: 1000 }, () => 0)
    for (let count = 0; count < 1500; count++) pace.note(`guest ${count}`)
    expect(pace.waitMs('guest 0')).toBe(0)
    expect(pace.waitMs('guest 1499')).toBe(1000)
  })
})

test.each([
  [0.2, '1 s'],
  [119, '119 s'],
  [121, '3 minutes'],
  [7200, '2 hours'],
  [7 * 86_400, '7 days'],
])('a wait of %d s is described as %s', (seconds, text) => {
  expect(describeWait(seconds)).toBe(text)
})

test('those who type are told together, until they have said it or are quiet', () => {
  jest.useFakeTimers()
  try {
    const told: (readonly string[])[] = []
    const typists = new Typists((names) => told.push(names))
    typists.begin('a', 'ann')
    typists.begin('b', 'ben')
    typists.begin('a', 'ann')
    jest.advanceTimersByTime(300)
    expect(told).toEqual([['ann', 'ben']])
    typists.end('b')
    jest.advanceTimersByTime(300)
    expect(told.at(-1)).toEqual(['ann'])
    jest.advanceTimersByTime(6000)
    expect(told.at(-1)).toEqual([])
    for (let count = 0; count < 200; count++) typists.begin(String(count), `guest ${count}`)
    jest.advanceTimersByTime(300)
    expect(told.at(-1)).toHaveLength(10)
    expect(told).toHaveLength(4)
    typists.close()
    expect(jest.getTimerCount()).toBe(0)
  } finally {
    jest.useRealTimers()
  }
})

describe('bans and mutes', () => {
  const ann = { guest: 'a1', name: 'ann', address: '192.0.2.7', time: 5 }

  test('are there when they are read again', async () => {
    const log = new RecordingLog()
    const moderation = await Moderation.open(folder(), log)
    await Promise.all([
      moderation.ban(ann),
      moderation.ban({ guest: 'b2', name: 'ben', time: 6 }),
      moderation.mute({ guest: 'c3', address: '192.0.2.9', until: 1000 }, 10),
      moderation.setSlow(30),
    ])
    const again = await Moderation.open(folder(), log)
    expect(again.findBan('x', '192.0.2.7')).toEqual(ann)
    expect(again.findBan('b2')).toMatchObject({ name: 'ben' })
    expect(again.findBan('x')).toBeUndefined()
    expect(again.mutedSeconds('c3', undefined, 400)).toBe(600)
    expect(again.mutedSeconds('a new key', '192.0.2.9', 400)).toBe(600)
    expect(again.mutedSeconds('a new key', '192.0.2.10', 400)).toBe(0)
    await again.mute({ guest: 'a new key', address: '192.0.2.9', until: 0 }, 400)
    expect(again.mutedSeconds('c3', '192.0.2.9', 400)).toBe(0)
    expect(again.slowSeconds).toBe(30)
    expect(await again.unban('a1')).toBe(true)
    expect(await again.unban('a1')).toBe(false)
    expect((await Moderation.open(folder(), log)).bans).toHaveLength(1)
    expect(log.lines).toEqual([])
  })

  test.each(['', '{', '[]', 'null', '{"bans":[{}],"mutes":[],"slowSeconds":0}'])(
    'that are damaged (%j) are put aside, and told',
    async (text) => {
      const path = join(folder(), 'moderation.json')
      await writeFile(path, text)
      const log = new RecordingLog()
      expect((await Moderation.open(folder(), log)).bans).toEqual([])
      expect(log.lines).toEqual([expect.stringContaining('moderation.json.damaged')])
      expect(await readFile(`${path}.damaged`, 'utf8')).toBe(text)
    },
  )
})
