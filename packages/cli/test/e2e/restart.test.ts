import { describe, expect, test } from '@jest/globals'
import { freeEndpoint } from '@zcast/testing/network/free-ports'
import type { Program } from '../support/program.ts'
import { SUMMARY, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

interface Value {
  readonly epoch: number
  readonly seq: number
}

const parse = (line: string): Value => JSON.parse(line) as Value

/** Waits until a client prints values of another epoch than the ones it printed before. */
async function newEpoch({ stdout }: Program, old: ReadonlySet<number>): Promise<number> {
  for (let count = 1; ; count++) {
    const { epoch } = parse((await stdout.atLeast(count))[count - 1] as string)
    if (!old.has(epoch)) return epoch
  }
}

describe('subscribers of a publisher that dies', () => {
  test('say that they wait and for whom, and go on when another one starts; a restart is no loss', async () => {
    const endpoint = await freeEndpoint()
    const startPublisher = (): Program =>
      bench.start(['publish', 'numbers', '--bind', endpoint, '--interval', '20ms'])
    // They are there before any publisher is.
    const clients = ['1', '3'].map((which) => bench.start(['client', which, '--connect', endpoint, '--json']))
    for (const [index, { stderr }] of clients.entries()) {
      const [line] = await stderr.find(/.*waiting.*/)
      expect(line).toBe(`client ${index * 2 + 1}: waiting for numbers/random from ${endpoint}`)
    }

    const epochs = new Set<number>()
    for (let life = 0; life < 3; life++) {
      const publisher = startPublisher()
      const seen = await Promise.all(clients.map((client) => newEpoch(client, epochs)))
      expect(seen[0]).toBe(seen[1])
      epochs.add(seen[0] as number)
      const told = clients.map(({ stderr }) => stderr.all.length)
      await publisher.stop('SIGKILL')
      for (const [index, { stderr }] of clients.entries()) await stderr.find(/waiting for/, told[index])
    }

    for (const client of clients) {
      const { status, stdout, stderr } = await client.stop()
      expect(status).toBe(0)
      expect(SUMMARY.exec(stderr.at(-1) as string)?.slice(1, 5)).toEqual([
        String(stdout.length),
        '0',
        '0',
        '0',
      ])
      expect(stderr.filter((line) => / connected: /.test(line))).toHaveLength(1)
      expect(stderr.filter((line) => / connected again: /.test(line)).length).toBeGreaterThanOrEqual(2)
      const values = stdout.map(parse)
      expect(new Set(values.map(({ epoch }) => epoch))).toEqual(epochs)
      for (const [index, value] of values.entries()) {
        const before = values[index - 1]
        if (before?.epoch === value.epoch) expect(value.seq).toBe(before.seq + 1)
      }
    }
    expect(bench.logLines()).toEqual([])
  })

  test('show the next publisher of video as well', async () => {
    const endpoint = await freeEndpoint()
    const startPublisher = (): Program =>
      bench.start(['publish', 'video', '--bind', endpoint, '--width', 160])
    const viewer = bench.start(['viewer', '2', '--show', 'none', '--json', '--connect', endpoint])
    const received = async (from: number): Promise<void> =>
      void (await viewer.stdout.find(/"received":[1-9]\d*,.*"fps":[1-9]/, from))
    const first = startPublisher()
    await received(0)
    await first.stop('SIGKILL')
    await viewer.stderr.find(new RegExp(`^viewer 2: waiting for video/main from ${endpoint}$`))
    const second = startPublisher()
    await viewer.stderr.find(/connected again/)
    // The report of the second that had the end of the first publisher in it may still be on its way.
    await received(viewer.stdout.all.length + 2)
    const { status, stderr } = await viewer.stop()
    await second.stop()
    expect(status).toBe(0)
    expect(stderr.at(-1)).toMatch(SUMMARY)
    // A busy machine may lose some; counted as lost, the pictures of either publisher were more.
    expect(stderr.at(-1)).toMatch(/, lost \d, /)
  })

  test('say once that they wait for one that was there for a moment only', async () => {
    const endpoint = await freeEndpoint()
    const burst = ['--interval', 0, '--messages', 3, '--wait-for', 1]
    const publisher = bench.start(['publish', 'numbers', '--bind', endpoint, ...burst])
    await publisher.stderr.find(/publishing/)
    const { stderr } = await bench.run(['client', '3', '--connect', endpoint, '--for', '2s'])
    await publisher.ended
    const connected = stderr.findIndex((line) => line.startsWith('client 3: connected: '))
    expect(connected).toBeGreaterThanOrEqual(0)
    expect(stderr.slice(connected + 1)).toEqual([
      `client 3: waiting for numbers/random from ${endpoint}`,
      expect.stringMatching(SUMMARY),
    ])
  })
})
