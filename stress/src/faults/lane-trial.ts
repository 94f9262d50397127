import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { readSecretKeys, wallClock, writeNewKeys } from '@zcast/shared'
import { FaultProxy } from '../support/fault-proxy.ts'
import { freePorts } from '../support/free-ports.ts'
import { readHolding } from '../support/proc.ts'
import { ZcastProcess } from '../support/zcast-process.ts'
import { HEARTBEAT } from './fault-list.ts'
import { SLOW, type LaneFault } from './lane-faults.ts'
import { LaneWitness, type LaneViewerOptions } from './lane-witness.ts'

/** Memory that either end may gain through one kind of fault, in MiB, before it is said to leak. */
const GROWTH_MIB = 40

/** What it is tried with. */
export interface LaneTrial {
  /** A folder of its own. */
  readonly folder: string
  readonly times: number
  /** Whether both ends encrypt. */
  readonly encrypted: boolean
  readonly signal: AbortSignal
  readonly failures: string[]
}

interface Keys {
  readonly publisher: readonly string[]
  readonly viewer: Pick<LaneViewerOptions, 'keys' | 'serverKey'>
}

/** Tries a fault against a viewer that is on a lane. @returns The cells of a row: name, times, median, worst, received, lost, withheld. */
export async function tryLaneFault(
  fault: LaneFault,
  { folder, times, encrypted, signal, failures }: LaneTrial,
): Promise<string[]> {
  const name = `${fault.name}${encrypted ? ', with keys' : ''}`
  const keys = encrypted ? await makeKeys(folder) : undefined
  const [port] = (await freePorts(1)) as [number]
  const endpoint = `tcp://127.0.0.1:${port}`
  const publish = async (): Promise<ZcastProcess> => {
    const options = ['--bind', endpoint, '--fps', 15, '--heartbeat', `${HEARTBEAT}s`]
    const argv = ['publish', 'video', 'pattern', ...options, ...(keys?.publisher ?? [])]
    const started = new ZcastProcess('publisher', argv, { logFolder: join(folder, 'logs') })
    await started.says(/publishing video/)
    return started
  }
  let publisher = await publish()
  await using proxy = await FaultProxy.open(endpoint)
  proxy.bytesASecond = SLOW
  const witness = await LaneWitness.start(join(folder, 'viewer.json'), {
    endpoint: proxy.endpoint,
    heartbeatMs: HEARTBEAT * 1000,
    ...keys?.viewer,
  })
  const restartPublisher = async (): Promise<void> => {
    process.kill(publisher.pid, 'SIGKILL')
    await publisher.ended
    publisher = await publish()
  }
  const seconds: number[] = []
  try {
    await witness.onLane()
    const before = [witness.holding, readHolding(publisher.pid)]
    for (let time = 0; time < times && !signal.aborted; time++) {
      await fault.strike({ proxy, witness, restartPublisher })
      const overAt = wallClock()
      await witness.newerThan(overAt)
      seconds.push(wallClock() - overAt)
      await witness.onLane()
    }
    const after = [witness.holding, readHolding(publisher.pid)]
    const { received, lost, withheld, contradictions } = await witness.testify()
    const sorted = seconds.toSorted((a, b) => a - b)
    const worst = sorted.at(-1) ?? 0
    failures.push(...contradictions.map((sentence) => `on a lane: ${name}: ${sentence}`))
    if (worst > fault.recoverWithin) failures.push(`on a lane: ${name}: took ${worst.toFixed(2)} s to go on`)
    for (const [index, end] of ['viewer', 'publisher'].entries()) {
      const grownMiB = (after[index]?.rssMiB ?? 0) - (before[index]?.rssMiB ?? 0)
      if (grownMiB > GROWTH_MIB)
        failures.push(`on a lane: ${name}: the ${end} grew by ${grownMiB.toFixed(0)} MiB`)
    }
    const memory = [before[0], after[0]].map((holding) => holding?.rssMiB.toFixed(0) ?? '-')
    const median = sorted[sorted.length >> 1] ?? 0
    const figures = [seconds.length, median.toFixed(2), worst.toFixed(2), received, lost, withheld]
    return [name, ...figures.map(String), memory.join(' to ')]
  } finally {
    witness.kill()
    await publisher.stop()
  }
}

async function makeKeys(parent: string): Promise<Keys> {
  const folder = await mkdtemp(join(parent, 'keys-'))
  const server = await writeNewKeys(folder, 'server')
  const lab = await writeNewKeys(folder, 'lab')
  const { keys } = await readSecretKeys(lab.secretPath)
  return {
    publisher: ['--curve', 'server', '--allow', 'lab', '--keys-dir', folder],
    viewer: { keys, serverKey: server.publicKey },
  }
}
