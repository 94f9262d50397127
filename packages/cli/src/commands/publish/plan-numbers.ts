import { formatTopic, KINDS, OptionError } from '@zcast/shared'
import { openStandardInput } from '@zcast/shared/internal'
import {
  checkBatchOptions,
  LineNumbersSource,
  openNumbersFile,
  openUdpLines,
  parseUdpAddress,
  RandomNumbersSource,
  type BatchOptions,
  type LineNumbersOptions,
} from '@zcast/publisher'
import type { CommandContext } from '../../command-context.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { readNumbersFormat, refuseNumbersFormat } from '../../options/sources/numbers-format.ts'
import { warnOfExposure } from '../../security/exposure.ts'
import { openSerialPort, parseSerialAddress } from './serial-port.ts'
import type { StreamMember, StreamPlan } from './stream-plan.ts'

type NumbersPlan = Pick<StreamPlan, 'always' | 'batch' | 'members' | 'preview'> &
  Partial<Pick<StreamPlan, 'delivery' | 'waitFor'>>

interface NumbersInput extends Pick<StreamMember, 'open'> {
  /** Whether nothing of it may be lost. */
  readonly isLossless: boolean
  /** Whether it is played, and should begin with somebody there. */
  readonly isPlayed?: boolean
}

/**
 * Reads the options of numbers: random ones, or those of a source.
 *
 * @param single - Whether numbers are published alone, so that positional sources are meant for them.
 * @throws {@link OptionError} when one is wrong.
 */
export function planNumbers(args: Arguments, single: boolean): NumbersPlan {
  const stream = (single ? args.text('stream') : undefined) ?? KINDS.numbers.stream
  const { isLossless, isPlayed, open } = planInput(args, single)
  return {
    ...(isLossless && { delivery: 'all' }),
    ...(isPlayed && args.text('wait-for') === undefined && { waitFor: 1 }),
    always: args.flag('always') ?? false,
    batch: planBatch(args),
    preview: false,
    members: [{ stream, topic: formatTopic('numbers', stream), open }],
  }
}

function planInput(args: Arguments, single: boolean): NumbersInput {
  const sources = single ? args.list('source') : []
  if (sources.length > 1) throw new OptionError('numbers take only one source')
  const [from] = sources
  const intervalMs = args.duration('interval')
  const random = planRandom(args, intervalMs)
  if (from === undefined) {
    refuseNumbersFormat(args)
    return { isLossless: intervalMs === 0, open: async () => random }
  }
  const format = readNumbersFormat(args)
  const speed = args.number('speed')
  if (speed !== undefined && !(speed > 0)) throw new OptionError(`speed must be above 0, got ${speed}`)
  const withContext = (context: CommandContext): LineNumbersOptions => ({
    ...format,
    log: context.log,
    onFormat: (sentence) => context.status(`reading ${sentence}`),
  })
  const live = (open: (context: CommandContext) => Promise<LineNumbersSource>): NumbersInput => {
    if (speed !== undefined) throw new OptionError(`speed is for a file, and "${from}" has a pace of its own`)
    return { isLossless: true, open }
  }
  if (from === '-')
    return live(async (context) => new LineNumbersSource(openStandardInput(), withContext(context)))
  if (from.startsWith('udp:')) {
    const address = parseUdpAddress(from)
    return live(async (context) => {
      const input = await openUdpLines(address, context.log)
      warnOfExposure(context, [`udp://${from.slice(6).replace(/:\d+\/?$/, `:${input.port}`)}`], 'udp')
      if (address.port === 0) context.status(`receiving lines on port ${input.port}`)
      return new LineNumbersSource(input, withContext(context))
    })
  }
  if (from.startsWith('serial:')) {
    const address = parseSerialAddress(from)
    return live(async (context) => new LineNumbersSource(await openSerialPort(address), withContext(context)))
  }
  if (/^[a-z]{2,}:\/\//i.test(from))
    throw new OptionError(`numbers come from a file, -, udp://HOST:PORT or serial:DEVICE, got "${from}"`)
  const pace = { intervalMs, speed }
  return {
    isLossless: true,
    isPlayed: true,
    open: async (context) => openNumbersFile(from, { ...withContext(context), pace }),
  }
}

function planRandom(args: Arguments, intervalMs = 1000): RandomNumbersSource {
  return new RandomNumbersSource({
    lower: args.number('lower') ?? 0,
    upper: args.number('upper') ?? 10_000,
    count: args.number('count') ?? 6,
    intervalMs,
    seed: args.integer('seed', { least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER }),
  })
}

function planBatch(args: Arguments): BatchOptions | false {
  const lingerMs = args.duration('batch-linger')
  if (!args.flag('no-batch')) return checkBatchOptions({ lingerMs })
  if (lingerMs === undefined) return false
  throw new OptionError('give either batch-linger or no-batch, not both')
}
