import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from '@jest/globals'

/** Makes a folder for each test of the file, removed after it. @returns A function that returns its path. */
export function useTemporaryFolder(): () => string {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zcast-test-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))
  return () => folder
}
