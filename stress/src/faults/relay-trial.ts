import { join } from 'node:path'
import { wallClock } from '@zcast/shared'
import { freePorts } from '../support/free-ports.ts'
import { ZcastProcess } from '../support/zcast-process.ts'
import { Witness } from './witness.ts'

export const RELAY_FAULT = 'relays: one in the middle of three killed, and started again'
export const RELAY_HEADING = ['through relays', 'times', 'median s', 'worst s', 'received', 'lost']

const HOPS = 3

/** From its start to the next value below, in seconds: a second for a new attempt to connect, and its own start. */
const MOST_SECONDS = 5

interface Trial {
  /** A folder of its own. */
  readonly folder: string
  readonly times: number
  readonly signal: AbortSignal
  readonly failures: string[]
}

/** Kills the middle one of three relays again and again: accounts below must say exactly what is missing. @returns A row. */
export async function tryRelayFault({ folder, times, signal, failures }: Trial): Promise<string[]> {
  const logFolder = join(folder, 'relay-logs')
  const ports = await freePorts(HOPS + 1)
  const at = (index: number): string => `tcp://127.0.0.1:${ports[index]}`
  const publisher = new ZcastProcess(
    'publisher',
    ['publish', 'numbers', '--bind', at(0), '--interval', '2ms'],
    { logFolder },
  )
  await publisher.says(/publishing numbers/)
  const open = async (hop: number): Promise<ZcastProcess> => {
    const ends = ['--connect', at(hop), '--bind', at(hop + 1)]
    const relay = new ZcastProcess(`relay ${hop}`, ['relay', ...ends], { logFolder })
    await relay.says(/passing on/)
    return relay
  }
  const first = await open(0)
  let middle = await open(1)
  const last = await open(2)
  const witness = new Witness('client', ['--connect', at(HOPS)], logFolder)
  const seconds: number[] = []
  try {
    await witness.more(100)
    for (let time = 0; time < times && !signal.aborted; time++) {
      process.kill(middle.pid, 'SIGKILL')
      await middle.ended
      middle = await open(1)
      const overAt = wallClock()
      while (witness.heardAt <= overAt) await witness.more(1)
      seconds.push(witness.heardAt - overAt)
      await witness.more(50)
    }
    const { received, lost, contradictions } = await witness.testify(true)
    failures.push(...contradictions.map((sentence) => `${RELAY_FAULT}: ${sentence}`))
    const sorted = seconds.toSorted((one, other) => one - other)
    const [median = 0, worst = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
    if (worst > MOST_SECONDS) failures.push(`${RELAY_FAULT}: took ${worst.toFixed(2)} s to go on`)
    const cells = [median.toFixed(2), worst.toFixed(2), String(received), String(lost)]
    return [RELAY_FAULT, String(seconds.length), ...cells]
  } finally {
    for (const each of [last, middle, first, publisher]) await each.stop()
  }
}
