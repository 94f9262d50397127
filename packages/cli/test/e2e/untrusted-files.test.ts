import { chmod, writeFile } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import { publishedAt, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()
const BIND = ['--bind', 'tcp://127.0.0.1:*'] as const

describe('a file that is not what it seems', () => {
  test('a clip that is a list of other files is refused before anything is sent', async () => {
    const clip = bench.path('clip.mp4')
    await writeFile(clip, "ffconcat version 1.0\nfile '/etc/hostname'\n")
    const { status, stderr } = await bench.run(['publish', 'video', clip, ...BIND])
    expect(status).toBe(1)
    expect(stderr).toEqual([
      `zcast: cannot read "${clip}" as a video (it is a list of other files (concat), which is not read): give another file`,
    ])
  })

  test('the same on standard input', async () => {
    const publisher = bench.start(['publish', 'video', '-', ...BIND, '--exit-on-end', '--always'])
    const endpoint = await publishedAt(publisher, 'video/main')
    const viewer = bench.start(['viewer', 1, '--show', 'none', '--connect', endpoint])
    publisher.write("ffconcat version 1.0\nfile '/etc/hostname'\n")
    publisher.endInput()
    const { status, stderr } = await publisher.ended
    expect(status).toBe(1)
    expect(stderr.join('\n')).toContain('it is a list of other files (concat), which is not read')
    await viewer.stop()
  })
})

const testOnUnix = process.platform === 'win32' ? test.skip : test

describe('the file with the token of a page', () => {
  testOnUnix('is warned of where others can read it', async () => {
    const file = bench.path('token')
    await writeFile(file, 'a-token-that-nobody-guesses')
    await chmod(file, 0o644)
    const args = [
      'viewer',
      1,
      '--port',
      0,
      '--token-file',
      file,
      '--for',
      '100ms',
      '--connect',
      'tcp://127.0.0.1:9',
    ]
    const warning = `viewer 1: warning: others can read the token in "${file}": run chmod 600 on it`
    expect((await bench.run(args)).stderr).toContain(warning)
    expect(bench.logLines().join('\n')).toContain('others can read the token')
    await chmod(file, 0o600)
    expect((await bench.run(args)).stderr).not.toContain(warning)
  })
})
