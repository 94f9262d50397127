import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from '@jest/globals'
import type { StatisticsReport } from '@zcast/subscribers'
import { until } from '@zcast/testing/waiting/until'
import { connectTwoMachines, type TestMachine } from '../support/namespaces.ts'
import type { Program } from '../support/program.ts'
import { useWorkbench, ZCAST } from '../support/zcast.ts'
import { findPython } from '@zcast/testing/machine/python'

const PYTHON = findPython('zmq, msgpack')

const AGES = fileURLToPath(new URL('../fixtures/ages.py', import.meta.url))
const KILOBYTES_A_SECOND = 300

const bench = useWorkbench()
const machines = connectTwoMachines()
const [sender, receiver] = machines as readonly [TestMachine, TestMachine]
const reason = typeof machines === 'string' ? machines : sender.limit(KILOBYTES_A_SECOND)
if (reason !== undefined) console.log(`a slow network is not tested: ${reason}`)
const describeSlow = reason === undefined ? describe : describe.skip
const testWithPython = PYTHON.path === undefined ? test.skip : test

function launchOn(machine: TestMachine, command: readonly string[]): Program {
  const [program, ...prefix] = machine.prefix
  return bench.launch(program, [...prefix, ...command])
}

function startOn(machine: TestMachine, args: readonly (string | number)[]): Program {
  return launchOn(machine, [process.execPath, ZCAST, ...args.map(String), '--log-dir', bench.logFolder])
}

/** 30 pictures a second of more than 70 kB each. */
async function publish(): Promise<Program> {
  const size = ['--width', 1280, '--quality', 95, '--fps', 30]
  const publisher = startOn(sender, ['publish', 'video', 'pattern', '--host', sender.address, ...size])
  await publisher.stderr.find(/publishing video\/main/)
  return publisher
}

describeSlow('behind a network that carries a tenth of a stream', () => {
  afterAll(() => void sender.limit(undefined))

  test('a viewer shows fresh pictures, and says what the network carries', async () => {
    const publisher = await publish()
    const viewer = startOn(receiver, [
      'viewer',
      1,
      '--connect',
      `tcp://${sender.address}:5557`,
      '--show',
      'none',
      '--json',
    ])
    await viewer.stderr.find(
      /warning: the network carries \d+ of \d+ pictures a second of video\/main: send smaller/,
    )
    const reports = (): StatisticsReport[] =>
      viewer.stdout.all.map((line) => JSON.parse(line) as StatisticsReport)
    await until(
      () => reports().filter(({ withheld, network }) => withheld > 30 && network !== null).length >= 4,
    )
    const { latencyMs, received, lost, withheld, first, last, network } = reports().at(-1) as StatisticsReport
    expect(latencyMs?.p50).toBeLessThan(2000)
    expect(Number(last) - Number(first) + 1).toBe(received + Number(lost) + withheld)
    expect(network?.carried).toBeLessThan(Number(network?.wanted) / 2)
    expect((await viewer.stop()).stderr.at(-1)).toMatch(/^received \d+, lost \d+, withheld \d+, /)
    await publisher.stop()
  })

  testWithPython('what waits for a program that acknowledges nothing does not grow old', async () => {
    const publisher = await publish()
    const foreign = launchOn(receiver, [
      PYTHON.path as string,
      AGES,
      `tcp://${sender.address}:5557`,
      'video/main',
    ])
    await foreign.stdout.atLeast(25)
    const ages = foreign.stdout.all.slice(10).map(Number)
    // Under the limits of ZeroMQ and the system alone they were 16 s and more.
    expect(Math.max(...ages)).toBeLessThan(5)
    await foreign.stop()
    await publisher.stop()
  })
})
