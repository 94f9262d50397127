import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Benchmark, Comparison } from './benchmark.ts'
import { describeUsage, readCommandLine } from './command-line.ts'
import { fanout } from './fanout.ts'
import { idle } from './idle.ts'
import { latency } from './latency.ts'
import { describeMachine } from './machine.ts'
import { network } from './network.ts'
import { numbers } from './numbers.ts'
import { findPeers } from './peers.ts'
import { stopAll } from './program.ts'
import { recording } from './recording.ts'
import { sayVerdict, writeReport } from './report.ts'
import { relay } from './relay.ts'
import { natsFanOut, natsHop } from './relay-nats.ts'
import { reading } from './reading.ts'
import { spreadOf } from './samples.ts'
import { room } from './room.ts'
import { scrub } from './scrub.ts'
import { startup } from './startup.ts'
import { values } from './values.ts'
import { format } from './verdicts.ts'
import { video } from './video.ts'

const BENCHMARKS: readonly Benchmark[] = [
  numbers,
  values,
  video,
  latency,
  fanout,
  network,
  recording,
  { ...relay, parts: [...relay.parts, natsHop, natsFanOut] },
  room,
  reading,
  scrub,
  idle,
  startup,
]
const PAGE = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url))

const names = BENCHMARKS.map(({ name }) => name)
const commandLine = readCommandLine(names)
if (commandLine === undefined) {
  console.log(describeUsage(names).join('\n'))
  process.exit(0)
}
if (typeof commandLine === 'string') {
  console.error(commandLine)
  process.exit(2)
}
const { quick, json } = commandLine
if (process.platform !== 'linux') {
  console.error('the benchmarks read CPU time and memory from /proc, which only Linux has')
  process.exit(2)
}
const chosen = BENCHMARKS.filter(({ name }) => commandLine.chosen.includes(name))

const directory = await mkdtemp(join(tmpdir(), 'zcast-bench-'))
process.once('SIGINT', () => {
  stopAll()
  process.exit(130)
})
try {
  const peers = findPeers(directory)
  const machine = await describeMachine(peers.versions)
  for (const line of machine) console.log(line)
  const comparisons: Comparison[] = []
  for (const part of chosen.flatMap(({ parts }) => parts)) {
    const comparison = await part({ quick, directory, peers })
    comparisons.push(comparison)
    say(comparison)
  }
  const head = { date: new Date().toISOString().slice(0, 10), machine, quick }
  if (json !== undefined) {
    await writeFile(json, `${JSON.stringify({ ...head, comparisons }, undefined, 2)}\n`)
  }
  // A part of the benchmarks, or a quick run, must not replace the page.
  if (chosen.length === BENCHMARKS.length && !quick) {
    await writeFile(PAGE, writeReport(head, comparisons))
    console.log('\nwrote docs/benchmarks.md')
  }
} finally {
  stopAll()
  await rm(directory, { recursive: true, force: true })
}

function say({ title, outcomes, columns, verdicts, plot }: Comparison): void {
  console.log(`\n${title}`)
  for (const outcome of outcomes) {
    if (outcome.missing !== undefined) {
      console.log(`  ${outcome.name}: left out, ${outcome.missing}`)
      continue
    }
    const figures = columns.flatMap(({ figure, title: column, digits }) => {
      const spread = spreadOf(outcome, figure)
      if (!spread) return []
      const { median, least, most } = spread
      return [`${column} ${format(median, digits)} (${format(least, digits)} to ${format(most, digits)})`]
    })
    console.log(`  ${outcome.name}: ${figures.join(', ')}`)
  }
  if (plot !== undefined) console.log(plot)
  for (const verdict of verdicts) console.log(sayVerdict(verdict))
}
