import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { processesNaming, processIsGone } from '@zcast/testing/machine/processes'
import { readRecording } from '../../../support/recordings.ts'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'

const RECORDER = fileURLToPath(new URL('../../../fixtures/recorder.js', import.meta.url))
const folder = useTemporaryFolder()

test.each(['mp4', 'mkv'])('a recording as %s is complete although its process was killed', async (format) => {
  const path = join(folder(), `killed.${format}`)
  const recorder = spawn(process.execPath, [RECORDER, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(recorder, 'exit')
  let taken = 0
  for await (const line of createInterface({ input: recorder.stdout })) {
    taken = Number(line)
    if (taken >= 60) break
  }
  const processes = await processesNaming(`file:${path}`)
  recorder.kill('SIGKILL')
  expect((await exited)[1]).toBe('SIGKILL')
  if (!processes) return console.log('skipped: this system does not tell which processes run')
  // ffmpeg outlives it just long enough to write what it has.
  expect(processes).toHaveLength(1)
  await processIsGone(processes[0] ?? 0)
  const { timesMs } = await readRecording(path, false)
  expect(timesMs.length).toBeGreaterThanOrEqual(taken)
  expect(timesMs.slice(0, 60)).toEqual(Array.from({ length: 60 }, (_, index) => index * 40))
})
