import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FedProcess } from '../../../src/ffmpeg/fed-process.ts'
import { startFfmpeg } from '../../../src/ffmpeg/ffmpeg.ts'
import { runFfmpeg } from '../../../src/ffmpeg/run-ffmpeg.ts'

const SECRETS = { ZCAST_TOKEN: 'a-secret-token', ZCAST_VIDEO: 'rtsp://admin:a-secret-password@cam/' }

let folder: string
let program: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-environment-'))
  program = join(folder, 'ffmpeg')
  await writeFile(program, '#!/bin/sh\nenv\nenv >&2\n', { mode: 0o755 })
  Object.assign(process.env, SECRETS, { OTHER: 'is handed on' })
})
afterAll(async () => {
  for (const name of [...Object.keys(SECRETS), 'OTHER']) delete process.env[name]
  await rm(folder, { recursive: true })
})

const testOnUnix = process.platform === 'win32' ? test.skip : test

describe('the programs that are started', () => {
  const expectNoSecrets = (environment: string): void => {
    expect(environment).toContain('OTHER=is handed on')
    expect(environment).not.toContain('ZCAST_')
    expect(environment).not.toContain('a-secret')
  }

  testOnUnix('a clip or stream that is read is told no secret', async () => {
    const running = await startFfmpeg(program, { input: 'pipe:0', inputOptions: [], outputOptions: [] })
    const chunks: Buffer[] = []
    for await (const chunk of running.output) chunks.push(chunk)
    await running.kill()
    expectNoSecrets(Buffer.concat(chunks).toString())
  })

  testOnUnix('nor is a probe', async () => {
    expectNoSecrets((await runFfmpeg(program, [])).stdout)
  })

  testOnUnix('nor a recorder or a window, which get what they need', async () => {
    await writeFile(program, '#!/bin/sh\nenv | grep -e ZCAST -e OTHER -e SDL >&2\n', { mode: 0o755 })
    const fed = await FedProcess.start(program, [], { SDL_VIDEODRIVER: 'x11' })
    const { lastLines } = await fed.end()
    expectNoSecrets(lastLines.join('\n'))
    expect(lastLines).toContain('SDL_VIDEODRIVER=x11')
  })
})
