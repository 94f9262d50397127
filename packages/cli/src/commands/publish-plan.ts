import {
  DEFAULT_ENDPOINTS,
  DEFAULT_STREAMS,
  formatTopic,
  OptionError,
  parseEndpoint,
  parsePeerEndpoint,
  type BlockKind,
} from '@zcast/shared'
import { LineNumbersSource, RandomNumbersSource, type Source } from '@zcast/publisher'
import type { Arguments } from '../arguments.ts'
import type { CommandContext } from '../command-context.ts'
import { openCache, readVideoOptions, refuseStart } from './video-options.ts'

/** One stream, its options checked and nothing opened yet. */
export interface StreamPlan {
  readonly kind: BlockKind
  readonly stream: string
  readonly topic: string
  readonly bind: readonly string[]
  readonly connect: readonly string[]
  /** Whether to wait for the slowest subscriber instead of dropping its messages. */
  readonly lossless: boolean
  /** Whether the source works while nobody watches. */
  readonly always: boolean
  open(context: CommandContext): Promise<Source>
}

/** @throws {@link OptionError} when an option that names a single stream's endpoint or source is given for both. */
export function refuseSingleOptions(args: Arguments): void {
  const given = ['source', 'bind', 'stream'].find((name) => args.text(name) !== undefined)
  const name = given ?? (args.list('connect').length > 0 ? 'connect' : undefined)
  if (name === undefined) return
  throw new OptionError(`${name} is for a single stream: say "publish numbers" or "publish video"`)
}

/**
 * Reads the options of one stream.
 *
 * @param single - Whether it is the only one, and so has the options that name it.
 * @throws {@link OptionError}, {@link EndpointError} when one is wrong.
 */
export function planStream(kind: BlockKind, args: Arguments, single: boolean): StreamPlan {
  const stream = (single ? args.text('stream') : undefined) ?? DEFAULT_STREAMS[kind]
  const topic = formatTopic(kind, stream)
  const endpoints = planEndpoints(kind, args)
  const source = kind === 'numbers' ? planNumbers(args, single) : planVideo(args, single)
  return { kind, stream, topic, ...endpoints, ...source }
}

function planEndpoints(
  kind: BlockKind,
  args: Arguments,
): { bind: readonly string[]; connect: readonly string[] } {
  const connect = args.list('connect')
  const own = args.text('bind')
  const host = args.text('host')
  const port = args.integer(`${kind}-port`, { least: 0, most: 65_535 })
  if (own !== undefined && (host !== undefined || port !== undefined)) {
    throw new OptionError(`give either bind or host and ${kind}-port, not both`)
  }
  const bind = own === undefined && connect.length > 0 ? [] : [own ?? defaultEndpoint(kind, host, port)]
  for (const endpoint of bind) parseEndpoint(endpoint)
  for (const endpoint of connect) parsePeerEndpoint(endpoint)
  return { bind, connect }
}

function defaultEndpoint(kind: BlockKind, host = '127.0.0.1', port?: number): string {
  const shown = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  return `tcp://${shown}:${port === 0 ? '*' : (port ?? DEFAULT_ENDPOINTS[kind].split(':').at(-1))}`
}

function planNumbers(args: Arguments, single: boolean): Pick<StreamPlan, 'lossless' | 'always' | 'open'> {
  const from = single ? args.text('source') : undefined
  const intervalMs = args.duration('interval') ?? 1000
  const random = new RandomNumbersSource({
    lower: args.number('lower') ?? 0,
    upper: args.number('upper') ?? 10_000,
    count: args.number('count') ?? 6,
    intervalMs,
    seed: args.integer('seed', { least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER }),
  })
  const always = args.flag('always') ?? false
  if (from === undefined) return { lossless: intervalMs === 0, always, open: async () => random }
  if (from !== '-')
    throw new OptionError(`numbers come from "-" (standard input) or are random, got "${from}"`)
  return { lossless: true, always, open: async ({ log }) => new LineNumbersSource(process.stdin, { log }) }
}

function planVideo(args: Arguments, single: boolean): Pick<StreamPlan, 'lossless' | 'always' | 'open'> {
  const from = (single ? args.text('source') : args.text('video')) ?? 'pattern'
  const fps = args.numberIn('fps', { least: 0.1, most: 240 })
  const quality = args.integer('quality', { least: 1, most: 100 })
  const width = args.integer('width', { least: from === 'pattern' ? 160 : 16, most: 8192 })
  const loop = args.flag('loop')
  const options = readVideoOptions(args)
  if (from === 'pattern') refuseStart(options, from)
  const { always, renditions } = options
  return {
    lossless: false,
    always,
    open: async ({ signal, log, status }) => {
      const { PatternSource, VideoFileSource } = await import('@zcast/publisher/video')
      const height = width === undefined ? undefined : Math.round((width * 9) / 16)
      if (from === 'pattern') return new PatternSource({ fps, quality, width, height, renditions })
      const cache = await openCache(options, log)
      const clip = { loop, fps, quality, width, ...options, cache, log, signal }
      const source = await VideoFileSource.open(from, clip)
      for (const note of source.notes) status(note)
      return source
    },
  }
}
