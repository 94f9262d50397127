import { mkdir, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { generateClip, longClip } from '../support/clips.ts'
import { type DemoPorts, freeDemoPorts } from '../support/demo-ports.ts'
import { allGone, commandOf, HAS_PROC, treeOf } from '../support/process-tree.ts'
import type { Program, ProgramOptions } from '../support/program.ts'
import { LOG_LINE, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()
const NAMES = ['publisher', 'dashboard', 'room', 'client 1', 'client 2', 'client 3', 'viewer 1', 'viewer 2']

function startDemo(ports: DemoPorts, args: readonly string[] = [], options?: ProgramOptions): Program {
  return bench.start(['demo', ...ports.args, ...args], options)
}

/** Waits until every process of the demo receives. */
async function isRunning({ stdout, stderr }: Program): Promise<void> {
  for (const client of [1, 2, 3]) await stdout.find(new RegExp(`^client ${client} +#\\d+ `))
  for (const viewer of [1, 2]) await stderr.find(new RegExp(`^viewer ${viewer} +connected`))
}

/** The rows of the table at the end. */
function tableOf(stdout: readonly string[]): readonly string[] {
  const heading = stdout.findLastIndex((line) =>
    /^process +sent +received +lost +latency p50 +p99$/.test(line),
  )
  expect(stdout[heading - 1]).toBe('')
  return stdout.slice(heading + 1)
}

/** A folder for PATH in which there is Node and nothing else. */
async function pathWithNodeOnly(): Promise<string> {
  const folder = bench.path('bin')
  await mkdir(folder)
  await symlink(process.execPath, `${folder}/node`)
  return folder
}

describe('zcast demo', () => {
  test('says first where to watch, prefixes the lines of each process, and ends with a table', async () => {
    const ports = await freeDemoPorts()
    const demo = startDemo(ports, ['--for', '1s'])
    const { status, stdout, stderr } = await demo.ended
    expect(status).toBe(0)
    expect(stdout.slice(0, 4)).toEqual([
      `dashboard  http://127.0.0.1:${ports.pages}`,
      `room       http://127.0.0.1:${ports.pages + 10}`,
      `viewer 1   http://127.0.0.1:${ports.pages + 1}`,
      `viewer 2   http://127.0.0.1:${ports.pages + 2}`,
    ])
    expect(stderr.join('\n')).toMatch(/^publisher +publishing numbers\/random on tcp:\/\/127\.0\.0\.1:\d+$/m)
    const rows = tableOf(stdout)
    expect(rows.map((row) => row.slice(0, 9).trim())).toEqual(NAMES)
    expect(rows[0]).toMatch(/^publisher +\d+ +- +- +- +-$/)
    expect(rows[2]).toMatch(/^room +- +- +- +- +-$/)
    for (const row of rows.filter((_, index) => index !== 0 && index !== 2)) {
      expect(row.slice(9)).toMatch(/^ +- +\d+ +0 +(\d+\.\d ms +\d+\.\d ms|- +-)$/)
    }
    expect(bench.logLines()).toEqual([])
  })

  test('shows a clip of one’s own without ffmpeg in PATH, and ends with one line of JSON', async () => {
    const clip = await generateClip(bench.path('clip.mp4'), { frames: 20, size: '160x120' })
    const env = { PATH: await pathWithNodeOnly(), ZCAST_INTERVAL: '50ms' }
    const demo = startDemo(await freeDemoPorts(), ['--for', '500ms', '--json', '--video', clip], { env })
    const { status, stdout } = await demo.ended
    expect(status).toBe(0)
    expect(stdout).toHaveLength(1)
    const rows = JSON.parse(stdout[0] as string) as Record<string, unknown>[]
    expect(rows.map(({ name }) => name)).toEqual(NAMES)
    expect(rows[0]).toEqual({ name: 'publisher', sent: expect.any(Number), lost: 0, latencyMs: null })
    for (const { name, latencyMs, ...figures } of rows.slice(1)) {
      if (name === 'room') continue
      expect(figures).toEqual({ received: expect.any(Number), lost: 0 })
      const summary = { p50: expect.any(Number), p99: expect.any(Number), max: expect.any(Number) }
      expect([null, summary]).toContainEqual(latencyMs)
      if (name === 'dashboard') expect(latencyMs).toBe(null)
    }
    expect(bench.logLines()).toEqual([])
  })

  test('names the ports that are taken in one sentence, before anything starts', async () => {
    const ports = await freeDemoPorts()
    const servers = [ports.video, ports.pages + 2].map((port) => createServer().listen(port, '127.0.0.1'))
    const { status, stdout, stderr } = await startDemo(ports).ended
    for (const server of servers) server.close()
    expect(status).toBe(1)
    expect(stdout).toEqual([])
    expect(stderr).toEqual([
      `zcast: cannot start the demo: ports ${ports.video} (publisher), ${ports.pages + 2} (viewer 2) on 127.0.0.1 are in use; stop the programs that use them, or choose others with --numbers-port, --video-port, --room-port and --port`,
    ])
    expect(bench.logLines()).toEqual([
      expect.stringMatching(/ - ERROR - demo: cannot start the demo: ports /),
    ])
  })

  test('says that a clip is missing before anything starts, and ends with exit status 1', async () => {
    const demo = startDemo(await freeDemoPorts(), ['--video', bench.path('none.mp4')])
    const { status, stdout, stderr } = await demo.ended
    expect(status).toBe(1)
    expect(stdout).toEqual([])
    expect(stderr).toEqual([expect.stringMatching(/^zcast: there is no file ".*none\.mp4": check its name/)])
  })

  const processTest = HAS_PROC ? test : test.skip

  processTest('ends the others and says so when one of its processes dies', async () => {
    const demo = startDemo(await freeDemoPorts())
    await isRunning(demo)
    const children = treeOf(demo.pid)
    const victim = children.find(({ pid }) => commandOf(pid).includes('\0client\u00002\0'))
    process.kill(victim?.pid as number, 'SIGKILL')
    const { status, stdout, stderr } = await demo.ended
    expect(status).toBe(1)
    expect(stderr.at(-1)).toBe('zcast: client 2 ended unexpectedly (SIGKILL), so the others were stopped')
    expect(tableOf(stdout)).toHaveLength(NAMES.length)
    await allGone(children.map(({ pid }) => pid))
    expect(LOG_LINE.exec(bench.logLines().at(-1) as string)?.slice(2)).toEqual([
      'ERROR',
      'demo',
      'client 2 ended unexpectedly (SIGKILL), so the others were stopped',
    ])
  })

  processTest('ends in good order with SIGINT', async () => {
    const demo = startDemo(await freeDemoPorts())
    await isRunning(demo)
    const children = treeOf(demo.pid)
    const { status, stdout, stderr } = await demo.stop('SIGINT')
    expect(status).toBe(0)
    expect(stdout.join('\n')).toMatch(/^client 1 +#\d+( +\d+\.\d{3}){3}$/m)
    for (const [index, row] of tableOf(stdout).entries()) {
      // A viewer that is connected may not have received anything yet.
      const least = NAMES[index]?.startsWith('client') ? '[1-9]' : ''
      // On a busy machine it may lose pictures, but a client no numbers.
      const lost = least === '' ? '\\d+' : '0'
      const received = `- +${least}\\d* +${lost} +(\\d+\\.\\d ms +\\d+\\.\\d ms|- +-)`
      const others = NAMES[index] === 'room' ? '- +- +- +- +-' : received
      const figures = index === 0 ? '[1-9]\\d* +- +- +- +-' : others
      expect(row).toMatch(new RegExp(`^${NAMES[index]} +${figures}$`))
    }
    // Everybody has said his last words.
    expect(stderr.filter((line) => /received \d+, lost \d+, /.test(line))).toHaveLength(7)
    await allGone(children.map(({ pid }) => pid))
    expect(bench.logLines()).toEqual([])
  })

  processTest('leaves no process behind when it is killed, ffmpeg included', async () => {
    const clip = await longClip(bench.path('clip.mp4'))
    const demo = startDemo(await freeDemoPorts(), ['--video', clip])
    await isRunning(demo)
    const children = treeOf(demo.pid)
    const own = children.filter(({ pid }) => commandOf(pid).includes('zcast.js'))
    expect(own).toHaveLength(NAMES.length)
    expect(children.filter(({ name }) => name.startsWith('ffmpeg'))).toHaveLength(1)
    expect(await demo.stop('SIGKILL')).toMatchObject({ status: null, signal: 'SIGKILL' })
    await allGone(children.map(({ pid }) => pid))
  })
})
