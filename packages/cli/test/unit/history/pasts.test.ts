import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { Recorder } from '@zcast/recording'
import type { Log } from '@zcast/shared'
import { Statistics } from '@zcast/shared'
import type { History } from '@zcast/subscribers'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { numbersEnvelope } from '@zcast/testing/streams/envelopes'
import { KeptPast } from '../../../src/history/kept-past.ts'
import { RecordedPast } from '../../../src/history/recorded-past.ts'

const folder = useTemporaryFolder()

function logInto(warnings: string[]): Log {
  return { warning: (text) => void warnings.push(text), error: () => undefined, close: () => undefined }
}

/** The numbers of all arrays, in the order in which they came. */
async function seqsOf(history: History): Promise<readonly number[]> {
  const seqs: number[] = []
  for await (const { envelope } of history.blocks()) {
    const { seq = 0, rows } = envelope.block as { seq?: number; rows: number }
    for (let row = 0; row < rows; row++) seqs.push(seq + row)
  }
  return seqs
}

test('of a page of live streams, everything that came can be read once it is asked for, each array once', async () => {
  const past = new KeptPast({ seconds: 60, bytes: 2 ** 24, whileOpen: false })
  await past.open(logInto([]))
  try {
    const shown = { open: async () => undefined, write: () => undefined, close: async () => undefined }
    const sink = past.sink(shown, () => true)
    await sink.open({ statistics: new Statistics(), state: () => 'live' })
    const sent: number[] = []
    for (let seq = 0; seq < 100; seq++) {
      await sink.write(numbersEnvelope(seq))
      sent.push(seq)
      if (seq % 33 !== 0) continue
      await past.flush()
      expect(await seqsOf(past.history)).toEqual(sent)
    }
  } finally {
    await past.close()
  }
})

test('a page of a recording tells of damage as soon as it is found, and once', async () => {
  const path = join(folder(), 'flight.mcap')
  const recorder = new Recorder({ path })
  await recorder.open()
  for (let seq = 0; seq < 4; seq++) {
    await recorder.write(numbersEnvelope(seq))
    await recorder.flush()
  }
  await recorder.close()
  const bytes = await readFile(path)
  // Inside of the second chunk, which begins with its opcode and length: the index at the end stays as it is.
  const chunk = Buffer.from('zstd')
  const second = bytes.indexOf(chunk, bytes.indexOf(chunk) + 1)
  bytes.fill(0xee, second + 16, second + 40)
  await writeFile(path, bytes)

  const warnings: string[] = []
  await using past = new RecordedPast(path)
  const history = await past.open(logInto(warnings))
  expect(warnings).toEqual([])
  for (let pass = 0; pass < 2; pass++) expect(await seqsOf(history)).toEqual([0, 2, 3])
  expect(warnings).toEqual([`1 damaged chunk of ${path} could not be read: its values are missing`])
})
