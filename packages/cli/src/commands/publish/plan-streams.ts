import type { Format } from '@zcast/formats'
import { KINDS, OptionError, type SourceKind } from '@zcast/shared'
import { parseOwnEndpoint, parsePeerEndpoint } from '@zcast/shared/internal'
import type { Arguments } from '../../options/reading/arguments.ts'
import { planAudio } from './plan-audio.ts'
import { planNumbers } from './plan-numbers.ts'
import { planVideo } from './plan-video.ts'
import { readFormat, usualEndpoint } from '../../options/sockets/format-option.ts'
import { isNats } from '../../options/sockets/nats-options.ts'
import { planSocket } from '../../options/sockets/plan-socket.ts'
import { endpointAt, readWaitFor } from '../../options/sockets/sending-options.ts'
import type { StreamMember, StreamPlan } from './stream-plan.ts'

/**
 * A NATS server takes streams of every kind at one endpoint.
 *
 * @throws {@link OptionError} when an option that names a single stream's endpoint or source is given for both kinds.
 */
export function refuseSingleOptions(args: Arguments): void {
  const given = ['bind', 'stream', 'format'].filter((option) => args.text(option) !== undefined)
  if (args.list('source').length > 0) given.push('source')
  if (args.list('connect').some((endpoint) => !isNats(endpoint))) given.push('connect')
  const [name] = given
  if (name === undefined) return
  throw new OptionError(
    `${name} is for a single stream: use "publish numbers", "publish video" or "publish audio"`,
  )
}

/**
 * Reads the options of the streams of one kind, and of the sound of its clips.
 *
 * @param single - True when it is the only kind, and so has the options that name its streams.
 * @throws {@link OptionError}, {@link EndpointError} when one is wrong.
 */
export async function planStreams(kind: SourceKind, args: Arguments, single: boolean): Promise<StreamPlan[]> {
  const format = await readFormat(args, 'publisher', [kind])
  const endpoints = planEndpoints(kind, args, format)
  const waitFor = readWaitFor(args) ?? 0
  const common = { kind, waitFor, ...endpoints, ...planSocket(args) }
  const delivery = args.text('delivery') === undefined ? undefined : 'all'
  const { sounds = [], ...own } = await PLANS[kind](args, single)
  const plan: StreamPlan = { delivery, ...common, ...own, ...(format && inFormat(format, args, own)) }
  if (kind === 'video' && sounds.length === 0 && args.text('audio-bind') !== undefined)
    throw new OptionError('audio-bind is for the sound of a clip or a network camera, and none is sent here')
  return sounds.length === 0 ? [plan] : [plan, planSounds(args, plan, sounds)]
}

/**
 * What another program's format makes of a plan.
 *
 * @throws {@link OptionError} when it cannot carry what is planned.
 */
function inFormat(
  format: Format,
  args: Arguments,
  { batch, members }: Pick<StreamPlan, 'batch' | 'members'>,
): Pick<StreamPlan, 'format' | 'batch'> {
  const { name, isNameless } = format
  if (args.list('rendition').length > 0)
    throw new OptionError(`rendition is for zcast's own format: a receiver of ${name} would get every size`)
  if (isNameless && (members.length > 1 || members.some(({ grows }) => grows)))
    throw new OptionError(`format ${name} does not name its streams: publish one source at a time`)
  // Programs expect a sample a message.
  return { format, batch: args.text('batch-linger') === undefined ? false : batch }
}

/** A socket for the sound of clips. It is waited for by nobody, and ends with them. */
function planSounds(args: Arguments, clips: StreamPlan, members: readonly StreamMember[]): StreamPlan {
  const own = args.text('audio-bind')
  const [host, port] = [args.text('host'), args.port('audio-port')]
  if (own !== undefined && port !== undefined)
    throw new OptionError('give either audio-bind or audio-port, not both')
  const bind = own ?? endpointAt(KINDS.audio.endpoint, host, port)
  parseOwnEndpoint(bind)
  const mayMove = own === undefined && port === undefined
  const endpoints = { bind: [bind], connect: [], mayMove, format: undefined }
  const companion = { isCompanion: true, delivery: undefined, waitFor: 0, preview: false } as const
  return { ...clips, ...companion, ...endpoints, kind: 'audio', members }
}

/** The parts of the plan that differ by kind. `delivery` is the option's value, if there is one. */
type KindPlan = Pick<StreamPlan, 'always' | 'batch' | 'members' | 'preview'> &
  Partial<Pick<StreamPlan, 'delivery' | 'waitFor'>> & { readonly sounds?: readonly StreamMember[] }

const PLANS: Readonly<
  Record<SourceKind, (args: Arguments, single: boolean) => KindPlan | Promise<KindPlan>>
> = {
  numbers: planNumbers,
  video: async (args, single) => ({
    ...(await planVideo(args, single)),
    batch: false,
    preview: args.flag('preview') ?? false,
  }),
  audio: async (args) => ({ ...(await planAudio(args)), batch: false, preview: false }),
}

function planEndpoints(
  kind: SourceKind,
  args: Arguments,
  format: Format | undefined,
): { bind: readonly string[]; connect: readonly string[] } {
  const connect = args.list('connect')
  const own = args.text('bind')
  const host = args.text('host')
  const port = args.port(`${kind}-port`)
  if (own !== undefined && (host !== undefined || port !== undefined)) {
    throw new OptionError(`give either bind or host and ${kind}-port, not both`)
  }
  if (format?.listener === 'subscriber' && own === undefined && connect.length === 0) {
    if (host !== undefined || port !== undefined)
      throw new OptionError(
        `with format ${format.name} receivers listen: give connect, not host or ${kind}-port`,
      )
    return { bind: [], connect: [usualEndpoint(kind, format)] }
  }
  const bind =
    own === undefined && connect.length > 0
      ? []
      : [own ?? endpointAt(usualEndpoint(kind, format), host, port)]
  for (const endpoint of bind) parseOwnEndpoint(endpoint)
  for (const endpoint of connect) parsePeerEndpoint(endpoint)
  return { bind, connect }
}
