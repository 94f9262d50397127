import { join } from 'node:path'
import { OptionError, wallClock } from '@zcast/shared'
import { FAULTS, HEARTBEAT, type Fault, type Scene as FaultScene } from './faults/fault-list.ts'
import { LANE_FAULTS } from './faults/lane-faults.ts'
import { tryLaneFault, type LaneTrial } from './faults/lane-trial.ts'
import { RECORD_FAULTS, RECORD_HEADING, tryRecordFaults } from './faults/record-trial.ts'
import { ROOM_FAULT, ROOM_HEADING, tryRoomFault } from './faults/room-trial.ts'
import { RELAY_FAULT, RELAY_HEADING, tryRelayFault } from './faults/relay-trial.ts'
import { Witness } from './faults/witness.ts'
import { laySiege, SIEGE_HEADING } from './sieges/lay-siege.ts'
import { Scene } from './sieges/scene.ts'
import { SIEGES, type Siege } from './sieges/siege-list.ts'
import { FaultProxy } from './support/fault-proxy.ts'
import { freePorts } from './support/free-ports.ts'
import type { Usage } from './support/options.ts'
import type { Holding } from './support/proc.ts'
import { print, runProgram, type ProgramContext } from './support/run-program.ts'
import { formatTable } from './support/table.ts'
import { ZcastProcess } from './support/zcast-process.ts'

/** Memory that a client may gain through one kind of fault, in MiB, before it is said to leak. */
const GROWTH_MIB = 20

const HEADING = ['fault', 'times', 'median s', 'worst s', 'received', 'lost', 'RSS MiB', 'files']

const LANE_HEADING = ['on a lane', 'times', 'median s', 'worst s', 'received', 'lost', 'withheld', 'RSS MiB']

const USAGE = {
  script: 'faults',
  about: 'Tries every fault, such as a pulled cable or a killed publisher, against the accounts of a client.',
  options: {
    times: {
      value: 'N',
      describe: 'how often each fault is tried; those that take long, less often',
      default: '20',
    },
    only: { value: 'TEXT', describe: 'only the faults whose names have this in them', default: '' },
  },
  example: '--times 100',
} as const satisfies Usage

const MOST_TIMES = 100_000

/** Tries every fault against the accounts of a client: `npm run faults -- --times 100`. */
async function faults({ options, folder, signal }: ProgramContext<typeof USAGE>): Promise<readonly string[]> {
  const times = readTimes(options.times)
  const failures: string[] = []
  const rows = [HEADING]
  print(
    `numbers every 2 ms through a proxy, heartbeat ${HEARTBEAT} s; seconds are from a fault's end to the next value, or on a lane to the first picture that was taken after it`,
  )
  for (const fault of FAULTS) {
    if (signal.aborted) break
    if (!fault.name.includes(options.only)) continue
    const row = await tryFault(fault, Math.max(1, Math.round((times * fault.inHundred) / 100)), {
      logFolder: join(folder, 'logs'),
      signal,
      failures,
    })
    rows.push(row)
    print(formatTable([HEADING, row])[1] as string)
  }
  const roomRows = [ROOM_HEADING]
  if (!signal.aborted && ROOM_FAULT.includes(options.only)) {
    // A whole upload each time takes long.
    const often = Math.max(1, Math.round(times / 5))
    roomRows.push(await tryRoomFault({ folder, times: often, signal, failures }))
    print(formatTable([ROOM_HEADING, roomRows[1] as string[]])[1] as string)
  }
  const relayRows = [RELAY_HEADING]
  if (!signal.aborted && RELAY_FAULT.includes(options.only)) {
    relayRows.push(await tryRelayFault({ folder, times, signal, failures }))
    print(formatTable([RELAY_HEADING, relayRows[1] as string[]])[1] as string)
  }
  const recordRows = [RECORD_HEADING]
  if (!signal.aborted && RECORD_FAULTS.some((name) => name.includes(options.only))) {
    const often = Math.max(1, Math.round(times / 2))
    recordRows.push(...(await tryRecordFaults(options.only, { folder, times: often, signal, failures })))
  }
  const laneRows = await tryLaneFaults(times, options.only, { folder, signal, failures })
  for (const table of [rows, roomRows, relayRows, recordRows, laneRows]) {
    if (table.length === 1) continue
    print('')
    for (const line of formatTable(table)) print(line)
  }
  const chosen = SIEGES.filter(({ name }) => `siege: ${name}`.includes(options.only))
  if (!signal.aborted && chosen.length > 0)
    failures.push(...(await sieges(chosen, join(folder, 'siege-logs'), signal)))
  return failures
}

/** Has publishers and a viewer attacked in every way, while honest subscribers look on. */
async function sieges(
  chosen: readonly Siege[],
  logFolder: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  print('')
  print(
    'each siege lasts 8 s; what honest subscribers keep of their rates, and what it costs the process it costs most',
  )
  const scene = await Scene.open(logFolder)
  const failures: string[] = []
  const rows = [SIEGE_HEADING]
  try {
    for (const siege of chosen) {
      if (signal.aborted) break
      if (siege.isPossible?.() === false) continue
      let outcome = await laySiege(siege, scene, logFolder)
      // A machine that is busy with something else slows down everybody for a while; an attack does so each time.
      if (outcome.failures.length > 0 && !signal.aborted) outcome = await laySiege(siege, scene, logFolder)
      failures.push(...outcome.failures)
      rows.push([...outcome.row])
    }
    const { contradictions } = await scene.witness.testify(true)
    failures.push(...contradictions.map((sentence) => `after the sieges: ${sentence}`))
  } finally {
    failures.push(...(await scene.close()))
  }
  for (const line of formatTable(rows)) print(line)
  return failures
}

/** Tries every fault on a viewer whose network is slow, without keys and with them. */
async function tryLaneFaults(
  times: number,
  only: string,
  trial: Pick<LaneTrial, 'folder' | 'signal' | 'failures'>,
): Promise<string[][]> {
  const rows = [LANE_HEADING]
  for (const encrypted of [false, true]) {
    for (const fault of LANE_FAULTS) {
      if (trial.signal.aborted) break
      if (!`on a lane: ${fault.name}`.includes(only)) continue
      const often = Math.max(1, Math.round((times * fault.inHundred) / 100))
      const row = await tryLaneFault(fault, { ...trial, times: often, encrypted })
      rows.push(row)
      print(formatTable([LANE_HEADING, row])[1] as string)
    }
  }
  return rows
}

function readTimes(text: string): number {
  const times = Number(text)
  if (Number.isInteger(times) && times >= 1 && times <= MOST_TIMES) return times
  throw new OptionError(`times must be a whole number from 1 to ${MOST_TIMES}, got "${text}"`)
}

interface Trial {
  readonly logFolder: string
  readonly signal: AbortSignal
  readonly failures: string[]
}

async function tryFault(
  fault: Fault,
  times: number,
  { logFolder, signal, failures }: Trial,
): Promise<string[]> {
  const [port] = (await freePorts(1)) as [number]
  const endpoint = `tcp://127.0.0.1:${port}`
  const heartbeat = ['--heartbeat', `${HEARTBEAT}s`]
  const publish = async (): Promise<ZcastProcess> => {
    const options = ['publish', 'numbers', '--bind', endpoint, '--interval', '2ms', ...heartbeat]
    const started = new ZcastProcess('publisher', options, { logFolder })
    await started.says(/publishing numbers/)
    return started
  }
  let publisher = await publish()
  await using proxy = await FaultProxy.open(endpoint)
  const connect = ['--connect', proxy.endpoint, ...heartbeat]
  const witness = new Witness('client', connect, logFolder)
  const scene: FaultScene = {
    proxy,
    witness,
    publisherPid: () => publisher.pid,
    restartPublisher: async () => {
      process.kill(publisher.pid, 'SIGKILL')
      await publisher.ended
      publisher = await publish()
    },
    killAnotherClient: async () => {
      const another = new Witness('another client', connect, logFolder)
      await another.more(1)
      process.kill(another.pid, 'SIGKILL')
    },
  }
  const seconds: number[] = []
  let before: Holding | undefined
  try {
    await witness.more(100)
    before = witness.holding
    for (let time = 0; time < times && !signal.aborted; time++) {
      await fault.strike(scene)
      const overAt = wallClock()
      while (witness.heardAt <= overAt) await witness.more(1)
      seconds.push(witness.heardAt - overAt)
      await witness.more(50)
    }
    const after = witness.holding
    const { received, lost, contradictions } = await witness.testify(!fault.mayLie)
    const sorted = seconds.toSorted((a, b) => a - b)
    const worst = sorted.at(-1) ?? 0
    failures.push(...contradictions.map((sentence) => `${fault.name}: ${sentence}`))
    if (worst > fault.recoverWithin) failures.push(`${fault.name}: took ${worst.toFixed(2)} s to go on`)
    if (!fault.mayLose && lost > 0) failures.push(`${fault.name}: lost ${lost} values`)
    if (before && after && after.rssMiB - before.rssMiB > GROWTH_MIB)
      failures.push(
        `${fault.name}: the client grew from ${before.rssMiB.toFixed(0)} to ${after.rssMiB.toFixed(0)} MiB`,
      )
    if (before && after && after.descriptors - before.descriptors > 2)
      failures.push(
        `${fault.name}: the client went from ${before.descriptors} to ${after.descriptors} open files`,
      )
    return [
      fault.name,
      String(seconds.length),
      (sorted[sorted.length >> 1] ?? 0).toFixed(2),
      worst.toFixed(2),
      String(received),
      String(lost),
      `${before?.rssMiB.toFixed(0) ?? '-'} to ${after?.rssMiB.toFixed(0) ?? '-'}`,
      `${before?.descriptors ?? '-'} to ${after?.descriptors ?? '-'}`,
    ]
  } finally {
    await publisher.stop()
  }
}

await runProgram(USAGE, faults)
