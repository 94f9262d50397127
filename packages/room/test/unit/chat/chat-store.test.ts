import { appendFile, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { type ChatLimits, ChatStore } from '../../../src/chat/store/chat-store.ts'

const open: ChatStore[] = []
const path = (): string => join(folder(), 'chat.jsonl')

afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
})
// After what is open in it has been closed.
const folder = useTemporaryFolder()

async function openStore(limits?: ChatLimits, log = new RecordingLog()): Promise<ChatStore> {
  const store = await ChatStore.open(folder(), log, limits)
  open.push(store)
  return store
}

async function closeStore(store: ChatStore): Promise<void> {
  open.splice(open.indexOf(store), 1)
  await store.close()
}

const said = (text: string) => ({ time: 1.5, guest: 'a1', name: 'ann', text })
const textsOf = (store: ChatStore): string[] => store.newest(100_000).map(({ text }) => text)

describe('what was said', () => {
  test('is there when the store is opened again, with ids that go on', async () => {
    const store = await openStore()
    const lines = await Promise.all(
      ['one', 'two\nlines', 'h\u00e9 \u2615'].map((text) => store.add(said(text))),
    )
    expect(lines.map(({ id }) => id)).toEqual([1, 2, 3])
    await closeStore(store)
    const again = await openStore()
    expect(again.newest(2)).toEqual(lines.slice(1))
    expect(await again.add(said('four'))).toMatchObject({ id: 4 })
  })

  test('is found before a line, and gone once it was taken back', async () => {
    const store = await openStore()
    for (const text of ['one', 'two', 'three', 'four']) await store.add(said(text))
    expect(store.before(4, 2).map(({ text }) => text)).toEqual(['two', 'three'])
    expect(store.before(1, 2)).toEqual([])
    await store.remove(2, 'ben', 2)
    expect(store.before(4, 2).map(({ text }) => text)).toEqual(['one', 'three'])
    await closeStore(store)
    expect(textsOf(await openStore())).toEqual(['one', 'three', 'four'])
  })

  test('is whole wherever its file was cut off, but for the line that was cut, and goes on from there', async () => {
    const store = await openStore()
    for (const text of ['one', 'tw\u00f6', 'three']) await store.add(said(text))
    await closeStore(store)
    const whole = await readFile(path())
    const ends = [...whole.keys()].filter((index) => whole[index] === 10)
    for (let length = whole.length; length >= 0; length--) {
      await writeFile(path(), whole.subarray(0, length))
      const log = new RecordingLog()
      const mended = await openStore({}, log)
      // A line without its end is whole too.
      const expected = ends.filter((end) => end <= length).length
      expect(textsOf(mended)).toEqual(['one', 'tw\u00f6', 'three'].slice(0, expected))
      await mended.add(said('after'))
      await closeStore(mended)
      const after = await openStore()
      expect(textsOf(after)).toEqual([...['one', 'tw\u00f6', 'three'].slice(0, expected), 'after'])
      await closeStore(after)
      expect(log.lines).toEqual([])
    }
  })

  test('is kept but for lines that are damaged, and the file as it was', async () => {
    const store = await openStore()
    for (const text of ['one', 'two', 'three']) await store.add(said(text))
    await closeStore(store)
    const lines = (await readFile(path(), 'utf8')).split('\n')
    const damaged = [lines[0], '\0\0\0\0', '{"id":"x"}', 'null', lines[2], ''].join('\n')
    await writeFile(path(), damaged)
    const log = new RecordingLog()
    const mended = await openStore({}, log)
    expect(textsOf(mended)).toEqual(['one', 'three'])
    expect(log.lines).toEqual([expect.stringContaining('3 lines of the chat are damaged')])
    expect(await readFile(`${path()}.damaged`, 'utf8')).toBe(damaged)
    await closeStore(mended)
    const quiet = new RecordingLog()
    expect(textsOf(await openStore({}, quiet))).toEqual(['one', 'three'])
    expect(quiet.lines).toEqual([])
  })

  test('stays within its limits: the newest lines are kept, and ids go on', async () => {
    const store = await openStore({ lines: 10, bytes: 100_000 })
    for (let count = 1; count <= 45; count++) await store.add(said(`line ${count}`))
    expect((await readFile(path(), 'utf8')).split('\n').length).toBeLessThan(25)
    await closeStore(store)
    const again = await openStore({ lines: 10, bytes: 100_000 })
    expect(textsOf(again)).toEqual(Array.from({ length: 10 }, (_, index) => `line ${index + 36}`))
    await closeStore(again)
    const small = await openStore({ bytes: 2000 })
    for (let count = 46; count <= 100; count++) await small.add(said(`line ${count}`))
    expect((await stat(path())).size).toBeLessThan(2200)
    expect(small.newest(1)).toMatchObject([{ text: 'line 100', id: 100 }])
    await closeStore(small)
    expect(await readdir(folder())).toEqual(['chat.jsonl'])
  })

  test('never has an id twice, also when all of it was taken back', async () => {
    const store = await openStore({ lines: 2 })
    for (let count = 1; count <= 8; count++) await store.remove((await store.add(said('x'))).id, 'ben', 2)
    await closeStore(store)
    const again = await openStore()
    expect(again.newest(10)).toEqual([])
    expect(await again.add(said('y'))).toMatchObject({ id: 9 })
  })

  test('is written for many at once, in the order in which they said it', async () => {
    const store = await openStore()
    const order: number[] = []
    const adding = Array.from({ length: 500 }, async (_, index) => {
      await store.add(said(String(index)))
      order.push(index)
    })
    await Promise.all(adding)
    expect(order).toEqual([...order.keys()])
    await closeStore(store)
    expect(textsOf(await openStore())).toEqual(order.map(String))
  })

  test('is refused beyond what may wait for the disk', async () => {
    const store = await openStore()
    const adding = Array.from({ length: 1500 }, (_, index) => store.add(said(String(index))))
    const results = await Promise.allSettled(adding)
    const refused = results.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(500)
    expect(textsOf(store)).toHaveLength(1000)
  })
})

describe('the file of the chat', () => {
  test.each([100, 70_000])('that ends in %d zeros, as after the loss of power, is mended', async (zeros) => {
    const store = await openStore()
    await store.add(said('one'))
    await closeStore(store)
    await appendFile(path(), Buffer.alloc(zeros))
    const mended = await openStore()
    expect(textsOf(mended)).toEqual(['one'])
    await mended.add(said('two'))
    await closeStore(mended)
    expect((await readFile(path())).includes(0)).toBe(false)
    // Another program has written behind them.
    await appendFile(path(), `\0\0\0${JSON.stringify({ id: 3, ...said('three') })}\n`)
    expect(textsOf(await openStore())).toEqual(['one', 'two', 'three'])
  })

  test('belongs to one store at a time', async () => {
    await openStore()
    await expect(ChatStore.open(folder(), new RecordingLog())).rejects.toMatchObject({
      code: 'ERR_FILE_IN_USE',
    })
  })

  test('is for its owner only', async () => {
    await openStore()
    expect((await stat(path())).mode & 0o777).toBe(0o600)
  })

  test('that is a folder is refused in a sentence', async () => {
    const other = join(folder(), 'file')
    await writeFile(other, '')
    await expect(ChatStore.open(other, new RecordingLog())).rejects.toMatchObject({
      code: 'ERR_SINK',
      message: expect.stringMatching(/^the chat cannot be kept in .*: choose another folder$/),
    })
  })

  test('may have grown beyond all limits: its end is read', async () => {
    await openStore().then(closeStore)
    await truncate(path(), 0)
    for (let count = 1; count <= 60; count++)
      await appendFile(path(), `${JSON.stringify({ id: count, ...said(`line ${count}`) })}\n`)
    const store = await openStore({ bytes: 1000 })
    expect(store.newest(1)).toMatchObject([{ id: 60 }])
    expect(await store.add(said('next'))).toMatchObject({ id: 61 })
    expect((await stat(path())).size).toBeLessThan(1200)
  })
})
