import { describe, expect, test } from '@jest/globals'
import { decodeJpeg } from '@zcast/media'
import type { Program } from '../support/program.ts'
import { publishedAt, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

interface Sent {
  readonly sent: number
}

/** What the publisher says next it has sent; twice the same when it stands still. */
async function nextSent(publisher: Program, from = publisher.stdout.all.length): Promise<number> {
  await publisher.stdout.find(/"type":"stats"/, from)
  return (JSON.parse(publisher.stdout.all[from] as string) as Sent).sent
}

async function start(
  ...options: string[]
): Promise<{ publisher: Program; viewer: Program; address: string }> {
  const publisher = bench.start([
    'publish',
    'video',
    '--json',
    '--bind',
    'tcp://127.0.0.1:*',
    '--width',
    160,
    '--fps',
    50,
  ])
  const endpoint = await publishedAt(publisher, 'video/main')
  const viewer = bench.start(['viewer', 1, '--port', 0, '--connect', endpoint, ...options])
  const [, address] = await viewer.stdout.find(/^watch at (.*)$/)
  return { publisher, viewer, address: address as string }
}

describe('a web viewer without a reader', () => {
  test('is idle, the publisher stands still, and a snapshot wakes both; nothing counts as lost', async () => {
    const { publisher, viewer, address } = await start('--linger', '100ms')
    await viewer.stderr.find(/^viewer 1: idle: nobody watches, so video\/main is not received/)
    await nextSent(publisher)
    const standing = await nextSent(publisher)
    expect(await nextSent(publisher)).toBe(standing)
    const stats = async (): Promise<unknown> => (await fetch(`${address}/stats.json`)).json()
    expect(await stats()).toMatchObject({ state: 'idle' })
    for (let round = 0; round < 2; round++) {
      const from = viewer.stderr.all.length
      const snapshot = await fetch(`${address}/snapshot.jpg`)
      expect(snapshot.status).toBe(200)
      expect(Number(snapshot.headers.get('x-sequence'))).toBeGreaterThanOrEqual(standing)
      const picture = new Uint8Array(await snapshot.arrayBuffer())
      expect(await decodeJpeg(picture)).toMatchObject({ width: 160, height: 90 })
      await viewer.stderr.find(/^viewer 1: receiving again: video\/main from /, from)
      await viewer.stderr.find(/^viewer 1: idle: /, from)
    }
    const { stderr, status } = await viewer.stop()
    await publisher.stop()
    expect(status).toBe(0)
    expect(stderr.at(-1)).toMatch(/^received \d+, lost 0, /)
  })

  test.each([
    ['--save', 'pictures'],
    ['--messages', '1000'],
  ])('never rests with %s', async (option, value) => {
    const { publisher, viewer, address } = await start(
      '--linger',
      '0',
      option,
      option === '--save' ? bench.path(value) : value,
    )
    await nextSent(publisher)
    const before = await nextSent(publisher)
    expect(await nextSent(publisher)).toBeGreaterThan(before)
    expect(await (await fetch(`${address}/stats.json`)).json()).toMatchObject({ state: 'live' })
    const { stderr } = await viewer.stop()
    await publisher.stop()
    expect(stderr.join('\n')).not.toContain('idle')
  })
})
