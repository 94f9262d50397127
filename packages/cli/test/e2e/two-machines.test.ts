import { readFile, writeFile } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import { decodeJpeg } from '@zcast/media'
import { connectTwoMachines, type TestMachine } from '../support/namespaces.ts'
import type { Program } from '../support/program.ts'
import { useWorkbench, ZCAST } from '../support/zcast.ts'

const bench = useWorkbench()
const machines = connectTwoMachines()
const describeTwo = typeof machines === 'string' ? describe.skip : describe
if (typeof machines === 'string') console.log(`two machines are not tested: ${machines}`)
const [sender, receiver] = machines as readonly [TestMachine, TestMachine]

/** Starts `zcast` on a machine. */
function startOn(machine: TestMachine, args: readonly (string | number)[]): Program {
  const [program, ...prefix] = machine.prefix
  const command = [process.execPath, ZCAST, ...args.map(String), '--log-dir', bench.logFolder]
  return bench.launch(program, [...prefix, ...command])
}

describeTwo('two machines', () => {
  test('share one settings file', async () => {
    const settings = {
      publish: {
        host: sender.address,
        video: 'pattern',
        width: 160,
        fps: 20,
        quality: 60,
        interval: '100ms',
      },
      client: { connect: `tcp://${sender.address}:5556` },
      viewer: { connect: `tcp://${sender.address}:5557` },
    }
    const config = ['--config', bench.path('zcast.config.json')]
    await writeFile(bench.path('zcast.config.json'), JSON.stringify(settings))
    const publisher = startOn(sender, ['publish', ...config])
    const client = startOn(receiver, ['client', 3, '--messages', 3, ...config])
    const viewer = startOn(receiver, ['viewer', 1, '--snapshot', bench.path('now.jpg'), ...config])
    expect(await client.ended).toMatchObject({ status: 0 })
    expect(await viewer.ended).toMatchObject({ status: 0 })
    expect(await decodeJpeg(await readFile(bench.path('now.jpg')))).toMatchObject({ width: 160, height: 90 })
    expect(await publisher.stop()).toMatchObject({ status: 0 })
    expect(bench.logLines()).toEqual([expect.stringContaining('open to the network')])
  })

  test('reach each other by the address that --host 0.0.0.0 prints', async () => {
    const publisher = startOn(sender, ['publish', 'video', '--host', '0.0.0.0', '--width', 160])
    const [, , address = ''] = await publisher.stderr.find(/from elsewhere: (--connect) (\S+)$/)
    expect(address).toBe(`tcp://${sender.address}:5557`)
    const options = ['--show', 'none', '--messages', 5]
    const viewer = startOn(receiver, ['viewer', 1, '--connect', address, ...options])
    expect(await viewer.ended).toMatchObject({ status: 0 })
    await publisher.stop()
  })

  test('may be turned round: the one that shows listens', async () => {
    const viewer = startOn(receiver, ['viewer', 1, '--bind', `tcp://${receiver.address}:5557`, '--port', 0])
    const [, page = ''] = await viewer.stdout.find(/^watch at (.*)$/)
    const publishers = ['kitchen', 'garden'].map((stream) =>
      startOn(sender, [
        'publish',
        'video',
        `${stream}=pattern`,
        '--width',
        160,
        '--connect',
        `tcp://${receiver.address}:5557`,
        '--messages',
        20,
      ]),
    )
    for (const { ended } of publishers) expect(await ended).toMatchObject({ status: 0 })
    expect(page).toMatch(/^http:\/\/127\.0\.0\.1:/)
    const { stderr } = await viewer.stop()
    expect(stderr.at(-1)).toMatch(/^received [1-9]\d+, lost 0, /)
  })

  test('find each other again after the cable was out', async () => {
    const publisher = startOn(sender, ['publish', 'numbers', '--host', sender.address, '--interval', '50ms'])
    await publisher.stderr.find(/publishing numbers\/random/)
    const client = startOn(receiver, ['client', 3, '--connect', `tcp://${sender.address}:5556`])
    await client.stdout.atLeast(3)
    receiver.plug(false)
    // Heartbeats tell, after a while.
    await client.stderr.find(/^client 3: waiting for numbers\/random from /)
    receiver.plug(true)
    await client.stderr.find(/^client 3: connected again: /)
    await client.stdout.atLeast(client.stdout.all.length + 3)
    const { stderr } = await client.stop()
    expect(stderr.at(-1)).toMatch(/^received \d+, lost \d+, /)
    await publisher.stop()
  })
})
