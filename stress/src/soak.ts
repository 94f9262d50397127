import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { OptionError } from '@zcast/shared'
import { parseDuration } from '@zcast/shared/internal'
import { judgeRecordings } from './soak/judge-recordings.ts'
import { Minutes, type Minute } from './soak/minutes.ts'
import { openStage, type Stage } from './soak/stage.ts'
import { judgeSoak } from './soak/verdict.ts'
import type { OptionsOf, Usage } from './support/options.ts'
import { print, runProgram, type ProgramContext } from './support/run-program.ts'
import { formatTable } from './support/table.ts'

const USAGE = {
  script: 'soak',
  about:
    'Lets everything run for long, and fails when something ends, is lost or grows; Ctrl-C ends it early.',
  options: {
    for: { value: 'TIME', describe: 'how long, such as 90s, 10m or 2h', default: '10m' },
    json: { value: 'FILE', describe: 'write every figure there' },
    relays: { value: 'N', describe: 'relays between the publisher and the others, 0 to 16', default: '0' },
    over: { value: 'NETWORK', describe: 'zeromq, or nats, with a server of its own', default: 'zeromq' },
  },
  words: { relay: ['--relays', '2'], nats: ['--over', 'nats'] },
  example: '--for 1h --json soak.json',
} as const satisfies Usage

/** Lets everything run for long: `npm run soak -- --for 10m --json FILE`. Ctrl-C ends it with the verdict so far. */
async function soak({ options, folder, signal }: ProgramContext<typeof USAGE>): Promise<readonly string[]> {
  const forMs = parseDuration(options.for, 'for')
  const periodMs = Math.min(60_000, forMs / 10)
  const recordings = join(folder, 'recordings')
  await mkdir(recordings)
  const between = readBetween(options)
  const stage = await openStage(join(folder, 'logs'), recordings, between)
  const minutes: Minute[] = []
  const failures: string[] = []
  const measuring = new Minutes(stage)
  const read = (): void => {
    const minute = measuring.read()
    minutes.push(minute)
    show(minute, stage)
  }
  try {
    print(`numbers at 1,000/s and 720p at 30 fps for ${forMs / 1000} s, one table each ${periodMs / 1000} s`)
    while (measuring.seconds * 1000 < forMs - 1 && !signal.aborted) {
      const next = (minutes.length + 1) * periodMs - measuring.seconds * 1000
      await delay(Math.max(0, next), undefined, { signal }).catch(() => undefined)
      // The rest of a period that Ctrl-C cut short is too little to judge memory by.
      if (!signal.aborted || minutes.length === 0) read()
      for (const { process } of stage.members) {
        if (process.end !== undefined)
          failures.push(`${process.name} ended (${process.end}) while it should run`)
      }
      if (failures.length > 0) break
    }
  } finally {
    measuring.close()
    const ends = await stage.close()
    for (const [index, { process, accounts }] of stage.members.entries()) {
      if (ends[index] !== 0) failures.push(`${process.name} ended with ${ends[index]}`)
      const { lost } = accounts.read()
      print(`${process.name}: ${process.stderr.at(-1)}`)
      if (lost > 0) failures.push(`${process.name} had lost ${lost} values at the end`)
    }
  }
  failures.push(...judgeSoak(minutes), ...(await judgeRecordings(recordings)))
  if (options.json !== undefined)
    await writeFile(options.json, `${JSON.stringify({ minutes, failures }, undefined, 2)}\n`)
  return [...new Set(failures)]
}

function readBetween({ relays: text, over }: OptionsOf<typeof USAGE>): number | 'nats' {
  const relays = Number(text)
  if (!Number.isInteger(relays) || relays < 0 || relays > 16)
    throw new OptionError(`relays must be a whole number from 0 to 16, got "${text}"`)
  if (over === 'zeromq') return relays
  if (over !== 'nats') throw new OptionError(`over must be zeromq or nats, got "${over}"`)
  if (relays > 0) throw new OptionError('relays are over zeromq: leave out one of both')
  return 'nats'
}

function show({ seconds, rows }: Minute, { readers }: Stage): void {
  const figure = (value: number | undefined, digits = 1): string => value?.toFixed(digits) ?? '-'
  const heading = ['process', 'RSS MiB', 'files', 'values', 'lost', 'missed', 'skipped', 'p50 ms', 'p99 ms']
  const table = rows.map((row) => [
    row.name,
    figure(row.rssMiB),
    figure(row.descriptors, 0),
    String(row.values),
    String(row.lost),
    String(row.missed ?? 0),
    String(row.skipped),
    figure(row.latency?.p50),
    figure(row.latency?.p99),
  ])
  const read = readers.map(({ name, pictures }) => `${name} ${pictures}`).join(', ')
  print(`\n${seconds.toFixed(0)} s; pictures read: ${read}`)
  for (const line of formatTable([heading, ...table])) print(line)
}

await runProgram(USAGE, soak)
