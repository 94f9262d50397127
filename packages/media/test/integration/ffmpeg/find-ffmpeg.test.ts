import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describeFfmpeg, findFfmpeg, locateFfmpeg } from '../../../src/ffmpeg/find-ffmpeg.ts'

let folder: string
let broken: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-find-'))
  broken = join(folder, 'broken')
  await mkdir(broken)
  await writeFile(join(broken, 'ffmpeg'), '#!/bin/sh\nexit 127\n')
  await chmod(join(broken, 'ffmpeg'), 0o755)
})

afterAll(() => rm(folder, { recursive: true }))

describe('locateFfmpeg', () => {
  test('falls back on the one that npm installed', async () => {
    const ffmpeg = await locateFfmpeg('')
    expect(ffmpeg.bundled).toBe(true)
    expect(ffmpeg.version).not.toBe('')
    expect(ffmpeg.passthroughOptions[1]).toBe('passthrough')
  })

  test('prefers one in PATH that runs, and passes over one that does not', async () => {
    const working = join(folder, 'working')
    await mkdir(working)
    await symlink((await locateFfmpeg('')).path, join(working, 'ffmpeg'))
    const ffmpeg = await locateFfmpeg([join(folder, 'none'), broken, working].join(delimiter))
    expect(ffmpeg).toMatchObject({ path: join(working, 'ffmpeg'), bundled: false })
  })

  test('uses -fps_mode where -vsync is on its way out', async () => {
    const newer = join(folder, 'newer')
    await mkdir(newer)
    const lines = [
      '#!/bin/sh',
      'echo "ffmpeg version n7.1 Copyright"',
      'echo "  libavutil      59. 39.100 / 59. 39.100"',
    ]
    await writeFile(join(newer, 'ffmpeg'), `${lines.join('\n')}\n`)
    await chmod(join(newer, 'ffmpeg'), 0o755)
    expect(await locateFfmpeg(newer)).toMatchObject({
      version: 'n7.1',
      hasZscale: false,
      passthroughOptions: ['-fps_mode', 'passthrough'],
    })
  })

  test('runs nothing from a relative folder', async () => {
    expect(await locateFfmpeg(['.', '', 'bin'].join(delimiter))).toMatchObject({ bundled: true })
  })

  test('findFfmpeg looks once, and describeFfmpeg names what it found', async () => {
    expect(await findFfmpeg()).toBe(await findFfmpeg())
    const { path, version } = await findFfmpeg()
    expect(await describeFfmpeg()).toContain(`ffmpeg ${version} at ${path}`)
  })
})
