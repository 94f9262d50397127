import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { mountSmallDisk } from '@zcast/testing/machine/small-disk'
import { numbersEnvelope } from '@zcast/testing/streams/envelopes'
import { sequenceNumbers } from '@zcast/testing/streams/sequence-numbers'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { HistoryRing, Recorder, Recording } from '../../src/index.ts'

const disk = mountSmallDisk(256 * 1024)
if (typeof disk === 'string') console.log(`a full disk is not tested: ${disk}`)
else afterAll(() => disk.remove())
const withSmallDisk = typeof disk === 'string' ? test.skip : test

withSmallDisk(
  'a full disk is told once, and recording goes on when there is room, with exact counts',
  async () => {
    const folder = typeof disk === 'string' ? '' : disk.folder
    const path = join(folder, 'numbers.mcap')
    const fill = join(folder, 'fill')
    const log = new RecordingLog()
    const recorder = new Recorder({ path })
    await recorder.open({ log })
    const until = async (isReached: () => boolean): Promise<void> => {
      while (!isReached()) await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await recorder.write(numbersEnvelope(0))
    const { bytes } = recorder.progress()
    await until(() => recorder.progress().bytes > bytes)

    expect(() => writeFileSync(fill, new Uint8Array(512 * 1024))).toThrow('ENOSPC')
    // What fits into the last page of the file is still written.
    let seq = 1
    const values = Array.from({ length: 2000 }, () => Math.random())
    while (recorder.progress().unwritten === 0) {
      await recorder.write(numbersEnvelope(seq++, { values }))
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await log.first(1)
    expect(log.lines).toEqual([expect.stringContaining('because the disk is full')])

    rmSync(fill)
    const { bytes: full } = recorder.progress()
    await until(() => {
      void recorder.write(numbersEnvelope(seq++))
      return recorder.progress().bytes > full
    })
    await expect(recorder.close()).rejects.toMatchObject({
      code: 'ERR_SINK',
      message: expect.stringContaining('the disk was full'),
    })
    expect(log.lines).toEqual([expect.anything(), expect.stringContaining('grows again')])

    await using recording = await Recording.open(path)
    expect(recording.isWhole).toBe(true)
    const [account] = await recording.accounts()
    const seqs: number[] = []
    for await (const { envelope } of recording.blocks()) seqs.push(...sequenceNumbers(envelope.block))
    expect(account).toMatchObject({ first: 0, last: seq - 1, received: seq, lost: 0 })
    expect(seqs).toHaveLength(seq - (account?.unwritten ?? 0))
    expect([seqs[0], seqs.at(-1)]).toEqual([0, seq - 1])
  },
)

withSmallDisk('a history goes on when its disk was full, and says so once', async () => {
  const folder = typeof disk === 'string' ? '' : disk.folder
  const fill = join(folder, 'fill')
  const log = new RecordingLog()
  await using ring = await HistoryRing.open({ seconds: 600, bytes: 2 ** 20, folder, log })
  const sink = ring.sink()
  await sink.open({} as never)
  const values = Array.from({ length: 2000 }, () => Math.random())
  await sink.write(numbersEnvelope(0))
  await ring.flush()
  expect(() => writeFileSync(fill, new Uint8Array(512 * 1024))).toThrow('ENOSPC')
  for (let seq = 1; log.lines.length === 0; seq++) {
    await sink.write(numbersEnvelope(seq, { values }))
    await ring.flush()
  }
  await sink.write(numbersEnvelope(1000, { values }))
  await ring.flush()
  rmSync(fill)
  await sink.write(numbersEnvelope(1001))
  await ring.flush()
  expect(log.lines).toEqual([expect.stringContaining('because the disk is full')])
  const seqs: (number | undefined)[] = []
  for await (const { envelope } of ring.blocks()) seqs.push(envelope.block.seq)
  expect(seqs.at(-1)).toBe(1001)
  expect(seqs).not.toContain(1000)
})
