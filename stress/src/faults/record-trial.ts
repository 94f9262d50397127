import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Recording, recover, recoveredPath } from '@zcast/recording'
import { errorMessage } from '@zcast/shared/internal'
import { ZcastProcess } from '../support/zcast-process.ts'
import { DiskImage } from './disk-image.ts'
import { EPOCH, GappyPublisher, isLeftOut, TOPIC } from './gappy-publisher.ts'

export const RECORD_FAULTS = [
  'a recorder: killed',
  'a recorder: file cut off',
  'a recorder: disk full',
  'a recorder: power cut',
] as const
export const RECORD_HEADING = ['recorded', 'times', 'values', 'missing', 'worst s at risk']

/** Values a second. */
const RATE = 1000
/** What a crash may cost, and what a busy machine may add to it. */
const RISK = { seconds: 1, slack: 1 }
const CUTS = 20
const DISK_BYTES = 1024 * 1024

interface Trial {
  readonly folder: string
  readonly times: number
  readonly signal: AbortSignal
  readonly failures: string[]
}

/** What a file holds, judged by what was sent. */
interface Judged {
  readonly values: number
  readonly lost: number
  readonly last: number
  readonly unwritten: number
}

/** Kills recorders, cuts their files off and fills their disk; what is left must be exact. @returns A row for each. */
export async function tryRecordFaults(only: string, trial: Trial): Promise<string[][]> {
  const rows: string[][] = []
  const wanted = RECORD_FAULTS.map((name) => name.includes(only))
  mkdirSync(join(trial.folder, 'recordings'), { recursive: true })
  const publisher = await GappyPublisher.open()
  try {
    if (wanted[0] || wanted[1]) rows.push(...(await tryKills(publisher, trial)))
    if (wanted[2]) rows.push(await tryFullDisk(publisher, trial))
    if (wanted[3]) rows.push(await tryPowerCut(publisher, trial))
  } finally {
    await publisher.close()
  }
  return rows
}

async function tryKills(
  publisher: GappyPublisher,
  { folder, times, signal, failures }: Trial,
): Promise<string[][]> {
  let [values, missing, worst, cuts, cutValues] = [0, 0, 0, 0, 0]
  let done = 0
  for (; done < times && !signal.aborted; done++) {
    const path = join(folder, 'recordings', `killed-${done}.mcap`)
    const recorder = await record(publisher, path, folder)
    await delay(500 + Math.random() * 2500)
    const sent = publisher.seq
    process.kill(recorder.pid, 'SIGKILL')
    await recorder.ended
    const judged = await judge(path, failures)
    values += judged.values
    missing += judged.lost
    const risk = (sent - judged.last) / RATE
    worst = Math.max(worst, risk)
    if (risk > RISK.seconds + RISK.slack)
      failures.push(`${RECORD_FAULTS[0]}: the last ${risk.toFixed(2)} s are missing`)
    await recover(path)
    const recovered = await judge(recoveredPath(path), failures)
    if (recovered.values !== judged.values) failures.push(`${RECORD_FAULTS[0]}: recover lost values`)
    for (let cut = 0; cut < CUTS; cut++) {
      const copy = join(folder, 'recordings', 'cut.mcap')
      copyFileSync(path, copy)
      const length = Math.floor(Math.random() * statSync(path).size)
      truncateSync(copy, length)
      // With less than its header a file is refused.
      if (length > 100) cutValues += (await judge(copy, failures)).values
      cuts += 1
    }
    for (const each of [path, recoveredPath(path)]) rmSync(each)
  }
  if (values === 0 && done > 0) failures.push(`${RECORD_FAULTS[0]}: nothing was recorded`)
  return [
    [RECORD_FAULTS[0], String(done), String(values), String(missing), worst.toFixed(2)],
    [RECORD_FAULTS[1], String(cuts), String(cutValues), '-', '-'],
  ]
}

async function tryFullDisk(publisher: GappyPublisher, { folder, failures }: Trial): Promise<string[]> {
  const disk = join(folder, 'small-disk')
  mkdirSync(disk)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk])
  if (mounted.status !== 0)
    return [`${RECORD_FAULTS[2]}: cannot be tried, without the right to mount`, '0', '', '', '']
  try {
    const path = join(disk, 'full.mcap')
    const filler = join(disk, 'filler')
    writeFileSync(filler, new Uint8Array(DISK_BYTES / 2))
    const recorder = await record(publisher, path, folder)
    await recorder.says(/because the disk is full/)
    await delay(1000)
    rmSync(filler)
    await recorder.says(/grows again/)
    await delay(500)
    const end = await recorder.stop()
    const judged = await judge(path, failures)
    if (end !== 1) failures.push(`${RECORD_FAULTS[2]}: the recorder ended with ${end}`)
    if (judged.unwritten === 0) failures.push(`${RECORD_FAULTS[2]}: nothing is said to be missing`)
    return [RECORD_FAULTS[2], '1', String(judged.values), String(judged.lost + judged.unwritten), '-']
  } finally {
    spawnSync('umount', ['-l', disk])
  }
}

/** Copies the disk while a recorder writes to it: what it had then is what a loss of power leaves. */
async function tryPowerCut(
  publisher: GappyPublisher,
  { folder, times, signal, failures }: Trial,
): Promise<string[]> {
  const [name] = RECORD_FAULTS.slice(3)
  const disk = DiskImage.mount(folder)
  if (typeof disk === 'string') return [`${name}: cannot be tried, ${disk}`, '0', '', '', '']
  let [values, missing, worst, done] = [0, 0, 0, 0]
  const recorder = await record(publisher, join(disk.folder, 'power.mcap'), folder)
  try {
    for (; done < times && !signal.aborted; done++) {
      await delay((done === 0 ? 1500 : 0) + Math.random() * 2000)
      const sent = publisher.seq
      const copy = await disk.copy()
      const path = join(folder, 'recordings', 'power.mcap')
      if (!DiskImage.takeOut(copy, 'power.mcap', path)) {
        failures.push(`${name}: the disk cannot be repaired`)
        continue
      }
      const judged = await judge(path, failures)
      values += judged.values
      missing += judged.lost
      const risk = (sent - judged.last) / RATE
      worst = Math.max(worst, risk)
      if (risk > RISK.seconds + RISK.slack)
        failures.push(`${name}: the last ${risk.toFixed(2)} s are missing`)
      await recover(path)
      const recovered = await judge(recoveredPath(path), failures)
      if (recovered.values !== judged.values) failures.push(`${name}: recover lost values`)
      for (const each of [path, recoveredPath(path)]) rmSync(each)
    }
  } catch (error) {
    // Nothing at all of the file is there.
    failures.push(`${name}: ${errorMessage(error)}`)
  } finally {
    await recorder.stop()
    disk.remove()
  }
  return [`${name}`, String(done), String(values), String(missing), worst.toFixed(2)]
}

async function record(publisher: GappyPublisher, path: string, folder: string): Promise<ZcastProcess> {
  const args = ['record', path, '--connect', publisher.endpoint]
  const recorder = new ZcastProcess('recorder', args, { logFolder: join(folder, 'record-logs') })
  await recorder.says(/recording to/)
  return recorder
}

/** Compares what is in a file with what was sent, and its accounts with both. */
async function judge(path: string, failures: string[]): Promise<Judged> {
  await using recording = await Recording.open(path)
  const seqs: number[] = []
  for await (const { envelope } of recording.blocks()) {
    const { block, epoch } = envelope
    if (block.kind !== 'numbers') continue
    for (let row = 0; row < block.rows; row++) {
      const seq = (block.seq ?? -1) + row
      if (epoch !== EPOCH || block.data[row * block.columns] !== seq)
        failures.push(`${path}: a value is not what was sent`)
      seqs.push(seq)
    }
  }
  const account = (await recording.accounts()).find(({ topic }) => topic === TOPIC)
  const [first = 0, last = -1] = [seqs[0], seqs.at(-1)]
  const sent = Array.from({ length: last - first + 1 }, (_, at) => first + at).filter(
    (seq) => !isLeftOut(seq),
  )
  const unwritten = account?.unwritten ?? 0
  // A full disk leaves out whole chunks; nothing else may be missing.
  if (new Set(seqs).size !== seqs.length || seqs.some(isLeftOut) || sent.length - seqs.length > unwritten)
    failures.push(`${path}: ${sent.length} were sent, ${seqs.length} are there`)
  const { received = 0, lost = 0, first: from = 0, last: to = -1 } = account ?? {}
  if (received !== seqs.length + unwritten || lost !== to - from + 1 - received)
    failures.push(`${path}: the accounts do not add up`)
  return { values: seqs.length, lost, last, unwritten }
}
