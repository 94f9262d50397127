import { type BlockKind, KINDS, OptionError } from '@zcast/shared'
import { checkSubscription, isKind, parseEndpoint, parsePeerEndpoint } from '@zcast/shared/internal'
import type { Plan } from '../../command.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { planSocket, type SocketPlan } from '../../options/sockets/plan-socket.ts'
import { endpointAt, readWaitFor } from '../../options/sockets/sending-options.ts'
import { type PlayRange, planRange } from './play-range.ts'

/** What is played, and where to. */
export interface PlayPlan extends SocketPlan {
  readonly paths: readonly string[]
  /** `Infinity` for max. */
  readonly speed: number
  readonly range: PlayRange
  readonly loop: boolean
  /** Empty for all. */
  readonly topics: readonly string[]
  readonly isStepped: boolean
  readonly isAsRecorded: boolean
  readonly endpointsOf: (kind: BlockKind) => PlayEndpoints
  /** True where whoever is too slow is waited for. */
  readonly isLossless: (kind: BlockKind) => boolean
  readonly waitFor: number
}

/** Where a socket listens, and what it connects to. */
export interface PlayEndpoints {
  readonly bind: readonly string[]
  readonly connect: readonly string[]
}

/** The option of the port of each kind. A room sends everything on one endpoint. */
const PORT_OPTIONS: Readonly<Record<BlockKind, string>> = {
  numbers: 'numbers-port',
  video: 'video-port',
  audio: 'audio-port',
  voice: 'room-port',
  chat: 'room-port',
}

/** Reads and checks the options of `zcast play`. @throws {@link OptionError}, {@link EndpointError} when one is wrong. */
export async function planPlay(args: Arguments): Promise<Plan> {
  const paths = args.list('source')
  if (paths.length === 0) throw new OptionError('name a recording, such as "zcast play flight.mcap"')
  const speed = readSpeed(args)
  const isAsRecorded = args.flag('as-recorded') ?? false
  const loop = args.flag('loop') ?? false
  if (isAsRecorded && loop)
    throw new OptionError('give either as-recorded or loop, not both: as recorded, each value is sent once')
  const isExact = isAsRecorded || speed === Infinity
  const isLossless = args.text('delivery') !== undefined || isExact
  const plan: PlayPlan = {
    paths,
    speed,
    range: planRange(args),
    loop,
    topics: args.list('topic').map(checkKnown),
    isStepped: args.flag('step') ?? false,
    isAsRecorded,
    endpointsOf: planEndpoints(args),
    isLossless: (kind) => isLossless || KINDS[kind].isBatched,
    waitFor: readWaitFor(args) ?? (isExact ? 1 : 0),
    ...planSocket(args),
  }
  const { PlayRun } = await import('./play-run.ts')
  return { role: 'play', run: (context) => new PlayRun(context, plan, args).run() }
}

function readSpeed(args: Arguments): number {
  if (args.text('speed') === 'max') return Infinity
  const speed = Number(args.text('speed') ?? 1)
  if (speed >= 0.01 && speed <= 1000) return speed
  throw new OptionError(`speed must be 0.01 to 1000, or max, got "${args.text('speed')}"`)
}

function checkKnown(topic: string): string {
  if (isKind(/^[a-z]+/.exec(checkSubscription(topic))?.[0])) return topic
  throw new OptionError(`topic must begin with ${Object.keys(KINDS).join('/, ')}/, got "${topic}"`)
}

function planEndpoints(args: Arguments): PlayPlan['endpointsOf'] {
  const [bind, connect, host] = [args.text('bind'), args.list('connect'), args.text('host')]
  const options = [...new Set(Object.values(PORT_OPTIONS))]
  const ports = new Map(options.map((name) => [name, args.port(name)]))
  if (bind !== undefined || connect.length > 0) {
    const given = host === undefined ? options.find((name) => ports.get(name) !== undefined) : 'host'
    if (given !== undefined) throw new OptionError(`give either bind and connect or ${given}, not both`)
    if (bind !== undefined) parseEndpoint(bind)
    for (const endpoint of connect) parsePeerEndpoint(endpoint)
    const all = { bind: bind === undefined ? [] : [bind], connect }
    return () => all
  }
  return (kind) => ({
    bind: [endpointAt(KINDS[kind].endpoint, host, ports.get(PORT_OPTIONS[kind]))],
    connect: [],
  })
}
