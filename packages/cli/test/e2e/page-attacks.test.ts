import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { MsgpackCodec } from '@zcast/shared'
import { ForeignPublisher } from '../support/foreign-publisher.ts'
import { HAS_PROC } from '../support/process-tree.ts'
import type { Program } from '../support/program.ts'
import { useWorkbench } from '../support/zcast.ts'
import { findPython } from '@zcast/testing/machine/python'

const PYTHON = findPython('zmq, msgpack')

const bench = useWorkbench()
const attacker = fileURLToPath(new URL('../fixtures/page_attacker.py', import.meta.url))

/** Starts holding connections of a page. */
async function attack(mode: 'silent' | 'deaf', address: string, count: number, path = '/'): Promise<Program> {
  const { port } = new URL(address)
  const program = bench.launch(PYTHON.path as string, [attacker, mode, port, String(count), path])
  await program.stdout.find(/^ready$/)
  return program
}

function memoryMiB({ pid }: Program): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

async function status(address: string): Promise<number> {
  const response = await fetch(address)
  await response.arrayBuffer()
  return response.status
}

PYTHON.describe('a page that is attacked', () => {
  test('answers everybody while somebody holds hundreds of connections and opens more, and says so once', async () => {
    const viewer = bench.start(['viewer', 1, '--port', 0])
    const [, address = ''] = await viewer.stdout.find(/^watch at (http:\S+)$/)
    const silent = await attack('silent', address, 320)
    for (let index = 0; index < 20; index++) {
      expect(await status(`${address}/healthz`)).toBe(200)
      expect(await status(`${address}/`)).toBe(200)
      await delay(50)
    }
    await viewer.stderr.find(/warning: the page has too many connections without a request/)
    await silent.stop()
    await viewer.stop()
    expect(bench.logLines().filter((line) => !line.includes('(repeated '))).toHaveLength(1)
  })

  test('holds little for charts that read nothing', async () => {
    if (!HAS_PROC) return
    await using publisher = await ForeignPublisher.open()
    const dashboard = bench.start(['dashboard', '--port', 0, '--numbers', publisher.endpoint])
    const [, address = ''] = await dashboard.stdout.find(/^watch at (http:\S+)$/)
    await publisher.subscribed
    // Ten minutes of 32 positions: as much history as there is.
    const codec = new MsgpackCodec()
    const data = Float64Array.from({ length: 600 * 32 }, Math.random)
    for (let seq = 0; seq < 6000; seq += 600) {
      const time = 1_000_000 + seq / 10
      const block = { kind: 'numbers', seq, time, interval: 0.1, rows: 600, columns: 32, data } as const
      await publisher.send(...codec.encode({ topic: 'numbers/random', epoch: 1, block }))
    }
    const received = async (): Promise<number> => {
      const { streams } = (await (await fetch(`${address}/stats.json`)).json()) as {
        streams: { received: number }[]
      }
      return streams[0]?.received ?? 0
    }
    while ((await received()) < 6000) await delay(20)
    const before = memoryMiB(dashboard)
    const deaf = await attack('deaf', address, 150, '/numbers?topic=numbers/random')
    let most = 0
    for (let index = 0; index < 40; index++) {
      await delay(50)
      most = Math.max(most, memoryMiB(dashboard) - before)
    }
    expect(most).toBeLessThan(160)
    expect(await status(`${address}/healthz`)).toBe(200)
    await deaf.stop()
    await dashboard.stop()
  })
})
