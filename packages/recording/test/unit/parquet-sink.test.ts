import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parquetReadObjects } from 'hyparquet'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { numbersEnvelope, rowsEnvelope } from '@zcast/testing/streams/envelopes'
import { ParquetSink } from '../../src/index.ts'

const folder = useTemporaryFolder()

async function readRows(path: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const bytes = await readFile(path)
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  return parquetReadObjects({ file })
}

test('rows of several groups come back with their times, every number exactly', async () => {
  const path = join(folder(), 'rows.parquet')
  const sink = new ParquetSink({ path })
  await sink.open()
  const time = 1_785_000_000.25
  for (let seq = 0; seq < 70_000; seq += 1000) await sink.write(rowsEnvelope(seq, 1000, { time: time + seq }))
  await sink.write(numbersEnvelope(70_000, { values: [Number.NaN], time }))
  await sink.close()
  await sink.close()
  const rows = await readRows(path)
  expect(rows).toHaveLength(70_001)
  expect(rows.slice(0, 69_999).every((row, index) => row['0'] === index)).toBe(true)
  expect(rows[1000]).toEqual({ time: new Date((time + 1000) * 1000), 0: 1000 })
  expect(rows[70_000]?.['0']).toBeNaN()
})

test('columns are named once each, with their units, and rows of other columns are counted', async () => {
  const path = join(folder(), 'named.parquet')
  const sink = new ParquetSink({ path })
  const { topic, block } = numbersEnvelope(0, { values: [1, 2, 3, 4] })
  if (block.kind !== 'numbers') throw new Error('no numbers')
  const names = ['temp', 'temp', 'time', '']
  await sink.write({ topic, block: { ...block, names, units: ['°C', '°C', '', ''] } })
  await sink.write(numbersEnvelope(1, { values: [1, 2] }))
  await sink.close()
  const [row = {}, ...others] = await readRows(path)
  expect(row).toMatchObject({ 'temp [°C]': 1, 'temp [°C] 2': 2, 'time 2': 3, '3': 4 })
  expect(others).toEqual([])
  expect(sink.leftOut).toBe(1)
})

test('a file that is there is not written over, and nothing makes no file', async () => {
  const path = join(folder(), 'there.parquet')
  await writeFile(path, 'x')
  const sink = new ParquetSink({ path })
  await sink.open()
  await expect(sink.write(numbersEnvelope(0))).rejects.toMatchObject({ code: 'ERR_OPTION' })
  await sink.close()
  expect(await readFile(path, 'utf8')).toBe('x')
})
