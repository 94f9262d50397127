import { type FileHandle, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { FileHandles } from '../../../src/reading/file-handles.ts'

const folder = useTemporaryFolder()

test('a file that is in use at the end is closed when it no longer is', async () => {
  const path = join(folder(), 'a')
  await writeFile(path, 'a')
  const handles = new FileHandles()
  const seen = await handles.use(path, async (handle): Promise<FileHandle> => {
    await handles.close()
    expect(handle.fd).toBeGreaterThan(0)
    return handle
  })
  expect(seen.fd).toBe(-1)
})
