import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expect, test } from '@jest/globals'
import type { Past } from '../../../src/history/past.ts'
import { SavedSelections } from '../../../src/history/saved-selections.ts'
import { FakeHistory } from '../../support/fake-history.ts'

const QUERY = new URLSearchParams('format=csv&topic=numbers/imu&from=1&to=2')

function selections(save: Past['save'], temporary?: string, most?: number): SavedSelections {
  const past = { history: new FakeHistory(), isLive: false, formats: ['mcap', 'csv'] as const, save }
  return new SavedSelections(past, temporary, most)
}

test('a temporary folder that cannot be made is told each time, and locks nothing', async () => {
  const saved = selections((_selection, path) => writeFile(path, ''), '/nowhere/at/all')
  for (let time = 0; time < 5; time++) await expect(saved.save(QUERY)).rejects.toMatchObject({ status: 500 })
})

test('a page that closes gives up what is being saved, and leaves no folder', async () => {
  let folder = ''
  const saved = selections(async (_selection, path, signal) => {
    folder = dirname(path)
    await writeFile(path, 'time\n')
    if (signal && !signal.aborted) await once(signal, 'abort')
    signal?.throwIfAborted()
  })
  const refused = expect(saved.save(QUERY)).rejects.toMatchObject({ status: 503 })
  while (folder === '') await new Promise((resolve) => setImmediate(resolve))
  await saved.close()
  expect(existsSync(folder)).toBe(false)
  await refused
  await expect(saved.save(QUERY)).rejects.toMatchObject({ status: 503 })
})

test('only MCAP holds several topics', async () => {
  const saved = selections((_selection, path) => writeFile(path, ''))
  const several = 'topic=numbers/imu&topic=numbers/gps&from=1&to=2'
  await expect(saved.save(new URLSearchParams(`format=csv&${several}`))).rejects.toMatchObject({
    status: 400,
  })
  expect(await saved.save(new URLSearchParams(`format=mcap&${several}`))).toMatchObject({ bytes: 0 })
  await saved.close()
})

test('a selection that grows too large is given up', async () => {
  const saved = selections(
    async (_selection, path, signal) => {
      await writeFile(path, 'time\n')
      if (signal && !signal.aborted) await once(signal, 'abort')
      signal?.throwIfAborted()
    },
    undefined,
    4,
  )
  await expect(saved.save(QUERY)).rejects.toMatchObject({ status: 413 })
  await saved.close()
})
