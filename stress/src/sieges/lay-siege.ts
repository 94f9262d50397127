import { setTimeout as delay } from 'node:timers/promises'
import { listLogFiles } from '../fuzz/log-files.ts'
import { readFileSync } from 'node:fs'
import { readCpuSeconds, readHolding } from '../support/proc.ts'
import { RawPeers } from './raw-peer.ts'
import type { Report, Scene } from './scene.ts'
import type { Siege } from './siege-list.ts'

const SIEGE_MS = 8000
const LOOK_MS = 250
const USUAL_SHARE = 0.8
const PAGE_SHARE = 0.5
/** What a viewer may take to notice that nothing comes, in reports of a second each. */
const UNNOTICED_REPORTS = 2

// What an attacker of so little may cost each process at the most.
const CHEAP_BYTES_A_SECOND = 10_000
const MOST_CORES = 0.1
const MOST_MIB = 64

/** What honest subscribers get, and what it costs, a second. */
interface Rates {
  readonly values: number
  readonly pictures: number
  readonly watched: number
  /** Of each victim. */
  readonly cores: readonly number[]
}

/** How a siege went. */
export interface SiegeOutcome {
  readonly row: readonly string[]
  readonly failures: readonly string[]
}

/** What the columns of an outcome's row are. */
export const SIEGE_HEADING = ['siege', 'kB/s', 'values', 'pictures', 'page', 'cores', 'MiB', 'lines']

/** Has the scene attacked for a while. */
export async function laySiege(siege: Siege, scene: Scene, logFolder: string): Promise<SiegeOutcome> {
  const calm = await measure(scene, () => undefined)
  const before = scene.victims.map(({ pid }) => readHolding(pid)?.rssMiB ?? 0)
  const linesBefore = readLines(logFolder).length
  const from = scene.reports.length
  const peers = new RawPeers()
  let mostMiB = 0
  let silences = 0
  const besieged = await measure(scene, async (isFirst) => {
    if (isFirst) siege.begin(peers, scene.besieged)
    if (!(await scene.answers())) silences += 1
    const more = scene.victims.map(({ pid }, index) => (readHolding(pid)?.rssMiB ?? 0) - (before[index] ?? 0))
    mostMiB = Math.max(mostMiB, ...more)
  })
  peers.close()
  const bytesASecond = (peers.bytes * 1000) / SIEGE_MS
  // Repeats of an event are written some seconds after it.
  const lines = readLines(logFolder).slice(linesBefore)
  const cores = Math.max(...besieged.cores.map((share, index) => share - (calm.cores[index] ?? 0)))
  const kept = (['values', 'pictures', 'watched'] as const).map((key) => besieged[key] / calm[key])
  const least = siege.keeps ?? USUAL_SHARE
  // Whoever reads pictures from the page takes the newest at its own pace, which is slower on a busy machine.
  const isLess = kept.some((share, index) => share < (index === 2 ? Math.min(least, PAGE_SHARE) : least))
  const failures: string[] = []
  if (isLess)
    failures.push(
      `honest subscribers were left ${kept.map((share) => percent(share)).join(', ')} of their rates`,
    )
  if (silences > 0) failures.push(`the page did not answer ${silences} times`)
  const lies = countLies(scene.reports.slice(from), calm.pictures)
  if (lies > UNNOTICED_REPORTS)
    failures.push(`the viewer said "live" and lost none for ${lies} s without pictures`)
  if (bytesASecond < CHEAP_BYTES_A_SECOND && cores > (siege.costs ?? MOST_CORES))
    failures.push(`it cost ${cores.toFixed(2)} of a core`)
  if (bytesASecond < CHEAP_BYTES_A_SECOND && mostMiB > MOST_MIB)
    failures.push(`it cost ${mostMiB.toFixed(0)} MiB`)
  const { logged } = siege
  if (logged && !lines.some((line) => logged.test(line))) failures.push('it was not logged')
  const said = lines.filter((line) => !line.includes('(repeated '))
  // A publisher and a viewer each have a kind of their own, at the most.
  if (new Set(said).size > 4)
    failures.push(`${said.length} lines were logged: ${said.slice(0, 6).join(' | ')}`)
  return {
    failures: failures.map((sentence) => `${siege.name}: ${sentence}`),
    row: [
      siege.name,
      (bytesASecond / 1000).toFixed(1),
      ...kept.map(percent),
      cores.toFixed(2),
      mostMiB.toFixed(0),
      String(lines.length),
    ],
  }
}

async function measure(scene: Scene, look: (isFirst: boolean) => unknown): Promise<Rates> {
  const read = (): Rates => ({
    values: scene.witness.values,
    pictures: scene.reports.at(-1)?.received ?? 0,
    watched: scene.watched,
    cores: scene.victims.map(({ pid }) => readCpuSeconds(pid) ?? 0),
  })
  const startedMs = performance.now()
  const start = read()
  for (let isFirst = true; performance.now() - startedMs < SIEGE_MS; isFirst = false) {
    await look(isFirst)
    await delay(LOOK_MS)
  }
  const seconds = (performance.now() - startedMs) / 1000
  const end = read()
  return {
    values: (end.values - start.values) / seconds,
    pictures: (end.pictures - start.pictures) / seconds,
    watched: (end.watched - start.watched) / seconds,
    cores: end.cores.map((used, index) => (used - (start.cores[index] ?? 0)) / seconds),
  }
}

/** The most reports in a row that say all is well while less than half of the pictures came. */
function countLies(reports: readonly Report[], usual: number): number {
  let [row, most] = [0, 0]
  for (const [index, { state, received, lost, withheld }] of reports.entries()) {
    const last = reports[index - 1]
    if (!last) continue
    const isKept = received - last.received < usual / 2
    const isTold = state !== 'live' || lost > last.lost || withheld > last.withheld
    row = isKept && !isTold ? row + 1 : 0
    most = Math.max(most, row)
  }
  return most
}

function readLines(logFolder: string): string[] {
  return listLogFiles(logFolder).flatMap((path) => readFileSync(path, 'utf8').split('\n').filter(Boolean))
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`
}
