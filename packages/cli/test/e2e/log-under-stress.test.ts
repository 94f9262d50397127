import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { canMakeReadOnly, makeReadOnly } from '@zcast/testing/machine/read-only'
import { mountSmallDisk } from '@zcast/testing/machine/small-disk'
import { ForeignPublisher } from '../support/foreign-publisher.ts'
import { numbersMessage } from '../support/messages.ts'
import { eventsLogged, LOG_LINE, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

/**
 * Streams to a client whose log cannot be written, mends the log, and streams on; each good array is printed.
 *
 * @param mend - Makes the log writable again.
 * @param reason - Why it was not, as the client says it.
 */
async function streamThrough(mend: () => void, reason: RegExp): Promise<void> {
  await using publisher = await ForeignPublisher.open()
  const client = bench.start(['client', '3', '--json', '--connect', publisher.endpoint])
  await publisher.subscribed
  for (let seq = 0; seq < 50; seq++) {
    await publisher.send('numbers/random', Buffer.from([seq]))
    await publisher.send('numbers/random')
    await publisher.send(...numbersMessage(seq, [seq]))
  }
  await client.stdout.atLeast(50)
  mend()
  // An event of another kind, so that it is no repetition of what could not be written.
  await publisher.send('numbers/random', Buffer.alloc(70_000, 0x80))
  await publisher.send(...numbersMessage(50, [50]))
  await client.stdout.atLeast(51)
  const { status, stderr } = await client.stop()
  expect(status).toBe(0)
  expect(stderr.filter((line) => line.startsWith('cannot write the error log'))).toEqual([
    expect.stringMatching(reason),
  ])
  expect(stderr.at(-1)).toMatch(/^received 51, lost 0, skipped 0, invalid 101, /)
  const lines = bench.logLines()
  expect(LOG_LINE.exec(lines[0] ?? '')?.[4]).toMatch(/the header is over 65536 bytes$/)
  // What was counted meanwhile is there as well: only the two first lines of their kinds are gone.
  expect(eventsLogged(lines)).toBe(101 - 2)
}

describe('a log that cannot be written', () => {
  const disk = mountSmallDisk(64 * 1024)
  if (typeof disk === 'string') console.log(`a full disk is not tested: ${disk}`)
  else afterAll(() => disk.remove())
  const withFullDisk = typeof disk === 'string' ? test.skip : test
  withFullDisk('because the disk is full: streaming goes on, and lines come when there is room', async () => {
    const folder = typeof disk === 'string' ? '' : disk.folder
    const fill = join(folder, 'fill')
    expect(() => writeFileSync(fill, new Uint8Array(128 * 1024))).toThrow('ENOSPC')
    symlinkSync(folder, bench.logFolder)
    await streamThrough(() => rmSync(fill), /: no space left on device \(ENOSPC\); streaming goes on, /)
  })

  const withReadOnly = canMakeReadOnly ? test : test.skip
  withReadOnly('because its folder is read-only: the same', async () => {
    mkdirSync(bench.logFolder)
    const makeWritable = makeReadOnly(bench.logFolder)
    try {
      await streamThrough(makeWritable, /: .+ \((EROFS|EACCES)\); streaming goes on, /)
    } finally {
      makeWritable()
    }
  })
})
