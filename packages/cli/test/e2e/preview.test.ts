import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { delimiter } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { decodeJpeg } from '@zcast/media'
import { fakeFfplay, ffplayNotes, type FfplayBehaviour } from '@zcast/testing/machine/fake-ffplay'
import { until } from '@zcast/testing/waiting/until'
import type { Program } from '../support/program.ts'
import { publishedAt, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()
const HEAD = /^--ffmpeg\r\nContent-type: image\/jpeg\r\nContent-length: (\d+)\r\n\r\n/

async function start(behaviour: FfplayBehaviour): Promise<Program> {
  await mkdir(bench.path('bin'))
  const env = {
    PATH: [await fakeFfplay(bench.path('bin'), behaviour), process.env['PATH']].join(delimiter),
    // Only asked whether it is there.
    DISPLAY: ':77',
    WAYLAND_DISPLAY: undefined,
  }
  return bench.start(['publish', 'video', '--preview', '--width', 160, '--bind', 'tcp://127.0.0.1:*'], {
    env,
  })
}

/** The first whole picture that ffplay was given so far. */
function firstPicture(): Buffer | undefined {
  let input: Buffer
  try {
    input = readFileSync(bench.path('bin/input'))
  } catch {
    return undefined
  }
  const [head, length] = HEAD.exec(input.toString('latin1')) ?? []
  const picture = input.subarray(head?.length, (head?.length ?? 0) + Number(length))
  return head !== undefined && picture.length === Number(length) ? picture : undefined
}

describe('zcast publish --preview', () => {
  test('shows in a window what is sent, with nobody else watching, and closes it at the end', async () => {
    const publisher = await start('play')
    await until(() => firstPicture() !== undefined)
    expect(await decodeJpeg(firstPicture() as Buffer)).toMatchObject({ width: 160, height: 90 })
    const notes = await ffplayNotes(bench.path('bin'))
    expect(notes.arguments.join(' ')).toContain('-window_title Server')
    const { status, stderr } = await publisher.stop()
    expect(status).toBe(0)
    expect(stderr.join('\n')).not.toContain('inproc')
    expect(bench.logLines()).toEqual([])
  })

  test('goes on sending when the window is closed', async () => {
    const publisher = await start('close')
    const endpoint = await publishedAt(publisher, 'video/main')
    const received = await bench.run(['viewer', 1, '--show', 'none', '--connect', endpoint, '--messages', 40])
    expect(received).toMatchObject({ status: 0 })
    expect(await publisher.stop()).toMatchObject({ status: 0 })
    expect(bench.logLines()).toEqual([])
  })

  test('goes on sending when the window breaks, and says once why it did', async () => {
    const publisher = await start('fail')
    const endpoint = await publishedAt(publisher, 'video/main')
    await publisher.stderr.find(
      /^publisher: error: the preview ended: ffplay ended: Could not initialize SDL/,
    )
    const received = await bench.run(['viewer', 1, '--show', 'none', '--connect', endpoint, '--messages', 5])
    expect(received).toMatchObject({ status: 0 })
    expect(await publisher.stop()).toMatchObject({ status: 0 })
    expect(bench.logLines()).toEqual([
      expect.stringContaining('ERROR - publisher: the preview ended: ffplay'),
    ])
  })

  test('says why there can be no window, before anything is sent', async () => {
    const cases = [
      [
        { DISPLAY: undefined, WAYLAND_DISPLAY: undefined },
        /^zcast: there is no display to open a window on /,
      ],
      [{ DISPLAY: ':77', PATH: bench.folder }, /^zcast: a window needs ffplay, which is not installed: /],
    ] as const
    for (const [env, sentence] of cases) {
      const args = ['publish', 'video', '--preview', '--bind', 'tcp://127.0.0.1:*']
      const { status, stderr } = await bench.run(args, { env })
      expect(stderr).toEqual([expect.stringMatching(sentence)])
      expect(status).toBe(1)
    }
  })
})
