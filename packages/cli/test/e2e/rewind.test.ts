import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { Recorder } from '@zcast/recording'
import type { Envelope } from '@zcast/shared'
import { numbersEnvelope } from '@zcast/testing/streams/envelopes'
import { ForeignPublisher } from '../support/foreign-publisher.ts'
import { greyPicture, numbersMessage } from '../support/messages.ts'
import type { Program } from '../support/program.ts'
import { useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

async function addressOf(page: Program): Promise<string> {
  const [, address = ''] = await page.stdout.find(/^watch at (.*)$/)
  return address
}

/** Saves all that is kept, once there is something. */
async function save(address: string, format: string, topic?: string): Promise<string | Buffer> {
  const query = new URLSearchParams({ format, from: '0', to: '9999999999', ...(topic && { topic }) })
  for (;;) {
    const response = await fetch(`${address}/history/save?${query}`, { method: 'POST' })
    if (response.status === 409) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      continue
    }
    const { id } = (await response.json()) as { id: string }
    const file = await fetch(`${address}/history/saved?id=${id}`)
    return Buffer.from(await file.arrayBuffer())
  }
}

test('a dashboard keeps what came, saves it, and shows the saved file again', async () => {
  await using publisher = await ForeignPublisher.open()
  const temporary = bench.path('temporary')
  await mkdir(temporary)
  const kept = bench.start(
    ['dashboard', '--port', 0, '--numbers', publisher.endpoint, '--topic', 'numbers/', '--history', '1m'],
    { env: { TMPDIR: temporary } },
  )
  const address = await addressOf(kept)
  await publisher.subscribed
  for (const seq of [0, 1, 2, 5]) await publisher.send(...numbersMessage(seq, [seq, -0.5]))
  const path = bench.path('moment.mcap')
  let values = ''
  while (!values.includes('5,-0.5')) values = String(await save(address, 'csv', 'numbers/random'))
  await writeFile(path, await save(address, 'mcap'))
  await kept.stop('SIGTERM')
  expect((await kept.ended).status).toBe(0)
  // Nothing of it is left on the disk.
  expect(readdirSync(temporary)).toEqual([])

  expect(
    (await bench.run(['info', path, '--json'])).stdout.map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    expect.objectContaining({
      topics: [expect.objectContaining({ topic: 'numbers/random', messages: 4, lost: 2 })],
    }),
  ])
  const shown = bench.start(['dashboard', path, '--port', 0])
  const page = await addressOf(shown)
  expect(await (await fetch(`${page}/stats.json`)).json()).toMatchObject({
    title: 'moment.mcap',
    past: 'recording',
  })
  expect(String(await save(page, 'csv', 'numbers/random'))).toBe(values)
  await shown.stop('SIGTERM')
  expect((await shown.ended).status).toBe(0)
})

test('a viewer shows a recording in its page, with a timeline, and plays it elsewhere', async () => {
  const path = bench.path('film.mcap')
  const recorder = new Recorder({ path })
  await recorder.open()
  const picture = await greyPicture(32, 24, 128)
  for (let seq = 0; seq < 4; seq++) {
    const block = {
      kind: 'video',
      seq,
      time: 1_785_000_000,
      width: 32,
      height: 24,
      format: 'jpeg',
      data: picture,
    }
    await recorder.write({ topic: 'video/main', epoch: 1, block } as Envelope)
  }
  await recorder.write(numbersEnvelope(0))
  await recorder.close()
  const shown = bench.start(['viewer', 1, path, '--port', 0])
  const page = await addressOf(shown)
  expect(await (await fetch(`${page}/stats.json`)).json()).toMatchObject({
    past: 'recording',
    streams: [{ topic: 'video/main' }],
  })
  await shown.stop()
  expect((await shown.ended).status).toBe(0)

  const folder = bench.path('pictures')
  const { status, stderr } = await bench.run(['viewer', 1, path, '--show', 'none', '--save', folder])
  expect([status, stderr.at(-1)]).toEqual([0, 'showed 4 pictures'])
  const names = readdirSync(folder)
  expect(names).toHaveLength(4)
  for (const name of names) expect(Buffer.from(picture).equals(readFileSync(join(folder, name)))).toBe(true)
  expect(await bench.run(['viewer', 1, path, '--topic', 'video/other', '--show', 'none'])).toMatchObject({
    status: 1,
    stderr: [expect.stringMatching(/video\/other is not in /)],
  })
})

test('what cannot be is refused in one sentence', async () => {
  const refusals = await Promise.all(
    [
      ['dashboard', 'flight.mcap', '--topic', 'numbers/'],
      ['dashboard', '--history-size', '1G'],
      ['viewer', 1, '--show', 'terminal', '--history', '1m'],
      ['viewer', 1, 'flight.mcap', '--connect', 'tcp://127.0.0.1:5557'],
      ['viewer', 1, 'flight'],
    ].map((args) => bench.run(args)),
  )
  expect(refusals.map(({ status, stderr }) => [status, stderr])).toEqual([
    [2, [expect.stringMatching(/topic applies to what comes now: /)]],
    [2, [expect.stringMatching(/history-size needs history, such as --history 10m/)]],
    [2, [expect.stringMatching(/history applies to the web page only: /)]],
    [2, [expect.stringMatching(/connect is for what is live, not for a recording/)]],
    [2, [expect.stringMatching(/"flight" is no recording: name a \.mcap file/)]],
  ])
  expect(await bench.run(['dashboard', bench.path('none.mcap'), '--port', 0])).toMatchObject({
    status: 1,
    stderr: [expect.stringMatching(/there is no file /)],
  })
})
