import { OptionError } from '@zcast/shared'
import { errorMessage, parseDuration } from '@zcast/shared/internal'
import type { Attack } from './fuzz/attack.ts'
import { FormatsAttack } from './fuzz/formats-attack.ts'
import { NumbersAttack } from './fuzz/numbers-attack.ts'
import { PublisherAttack } from './fuzz/publisher-attack.ts'
import { RoomAttack } from './fuzz/room/room-attack.ts'
import { VideoAttack } from './fuzz/video-attack.ts'
import type { Usage } from './support/options.ts'
import { Random } from './support/random.ts'
import { print, runProgram, type ProgramContext } from './support/run-program.ts'

const KINDS = {
  client: NumbersAttack,
  viewer: VideoAttack,
  publisher: PublisherAttack,
  formats: FormatsAttack,
  room: RoomAttack,
} as const

const USAGE = {
  script: 'fuzz',
  about: 'Attacks the built commands as a hostile peer, and fails when one crashes, grows or miscounts.',
  options: {
    for: { value: 'TIME', describe: 'how long, such as 90s or 10m', default: '60s' },
    seed: {
      value: 'N',
      describe: 'whole number that makes the attacks repeatable [default: another each time]',
    },
    only: { value: 'NAME', describe: `one of ${Object.keys(KINDS).join(', ')} [default: all]` },
  },
  example: '--for 5m --seed 7',
} as const satisfies Usage

/** Attacks the built commands for a while: `npm run fuzz -- --for 60s --seed N`. */
async function fuzz({ options, folder, signal }: ProgramContext<typeof USAGE>): Promise<readonly string[]> {
  const forMs = parseDuration(options.for, 'for')
  const seed = readSeed(options.seed)
  const kinds = readKinds(options.only)
  print(`seed ${seed}: attacking for ${forMs / 1000} s`)
  const attacks: Attack[] = []
  const failures: string[] = []
  try {
    // Each has its own sequence, so that one's pace does not change another's.
    for (const [index, [name, kind]] of Object.entries(KINDS).entries())
      if (kinds.includes(name)) attacks.push(await kind.open(folder, new Random(seed + index)))
    await Promise.all(attacks.map((attack) => attack.start()))
    const over = new AbortController()
    const end = (): void => over.abort()
    const timer = setTimeout(end, forMs)
    signal.addEventListener('abort', end)
    const results = await Promise.allSettled(attacks.map((attack) => attack.run(over.signal)))
    clearTimeout(timer)
    for (const result of results) if (result.status === 'rejected') failures.push(errorMessage(result.reason))
  } finally {
    for (const attack of attacks) {
      const report = await attack.close()
      failures.push(...report.failures)
      for (const line of report.lines) print(line)
    }
  }
  if (failures.length > 0) print(`to see it again: npm run fuzz -- --for ${forMs / 1000}s --seed ${seed}`)
  return failures
}

function readKinds(only: string | undefined): readonly string[] {
  const names = Object.keys(KINDS)
  if (only === undefined || names.includes(only)) return only === undefined ? names : [only]
  throw new OptionError(`only must be one of ${names.join(', ')}, got "${only}"`)
}

function readSeed(text: string | undefined): number {
  if (text === undefined) return Math.floor(Math.random() * 2 ** 31)
  const seed = Number(text)
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31) return seed
  throw new OptionError(`seed must be a whole number from 0 to ${2 ** 31 - 1}, got "${text}"`)
}

await runProgram(USAGE, fuzz)
