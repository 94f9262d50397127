import type { ReplaySource } from '@zcast/recording'
import { Publisher } from '@zcast/publisher'
import { KINDS, openTransport } from '@zcast/shared'
import type { CommandContext } from '../../command-context.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { planPublisherKeys } from '../../options/keys/publisher-keys.ts'
import { warnOfExposure } from '../../security/exposure.ts'
import { describeReach } from '../publish/publish-addresses.ts'
import { messageBytes } from './message-bytes.ts'
import type { PlayEndpoints, PlayPlan } from './plan-play.ts'

/** The streams of one socket. */
export interface PlaySocket {
  readonly publisher: Publisher
  readonly sources: readonly ReplaySource[]
}

interface PlannedSocket extends PlayEndpoints {
  readonly sources: ReplaySource[]
}

/**
 * Opens a socket for each endpoint.
 *
 * @throws {@link EndpointError} when one cannot be bound; {@link OptionError} when its keys cannot be read.
 */
export async function openSockets(
  context: CommandContext,
  { plan, args, sources }: { plan: PlayPlan; args: Arguments; sources: readonly ReplaySource[] },
  signal: AbortSignal,
): Promise<readonly PlaySocket[]> {
  const planned = planSockets(plan, sources)
  const members = planned.map((socket) => ({
    kind: socket.sources[0]?.kind ?? 'numbers',
    members: socket.sources.map(({ kind, stream }) => ({ stream, topic: `${kind}/${stream}` })),
  }))
  const keys = await planPublisherKeys(args, members)
  const securities = await keys.open(context, signal)
  const opened: PlaySocket[] = []
  try {
    for (const [index, socket] of planned.entries()) {
      const { bind, connect } = socket
      const transport = await openTransport([...bind, ...connect], securities[index])
      const publisher = await Publisher.open({
        ...optionsOf(plan, socket.sources),
        bind,
        connect,
        transport,
        log: context.log,
      })
      opened.push({ publisher, sources: socket.sources })
    }
  } catch (error) {
    await closeSockets(opened, false)
    throw error
  }
  const bound = opened.flatMap(({ publisher }, index) =>
    publisher.endpoints.filter((endpoint) => !planned[index]?.connect.includes(endpoint)),
  )
  for (const line of describeReach(bound)) context.status(line)
  if (!keys.secured) warnOfExposure(context, bound, 'publisher')
  return opened
}

/** Frees them. @param patient - Gives subscribers time to receive the rest. */
export async function closeSockets(sockets: readonly PlaySocket[], patient: boolean): Promise<void> {
  await Promise.all(sockets.map(({ publisher }) => publisher.close(patient)))
}

/** `video/main on tcp://127.0.0.1:5557`, for each stream. */
export function describeSockets(sockets: readonly PlaySocket[]): readonly string[] {
  return sockets.flatMap(({ publisher, sources }) =>
    sources.map(({ kind, stream }) => `${kind}/${stream} on ${publisher.endpoints.join(', ')}`),
  )
}

function planSockets(plan: PlayPlan, sources: readonly ReplaySource[]): readonly PlannedSocket[] {
  const sockets = new Map<string, PlannedSocket>()
  for (const source of sources) {
    const endpoints = plan.endpointsOf(source.kind)
    const key = JSON.stringify(endpoints)
    const socket = sockets.get(key) ?? { ...endpoints, sources: [] }
    socket.sources.push(source)
    sockets.set(key, socket)
  }
  return [...sockets.values()]
}

type OpenOptions = Pick<
  Parameters<typeof Publisher.open>[0],
  'heartbeatMs' | 'maxMessageBytes' | 'expectedBytes' | 'pictureTopics' | 'delivery'
>

function optionsOf(
  { heartbeatMs, maxMessageBytes, isLossless }: PlayPlan,
  sources: readonly ReplaySource[],
): OpenOptions {
  // Pictures must not wait for a slow viewer because numbers are sent beside them.
  const isWaiting = sources.every(({ kind }) => isLossless(kind))
  const pictures = sources.filter(({ kind }) => KINDS[kind].isNewestFirst)
  return {
    heartbeatMs,
    maxMessageBytes,
    expectedBytes: messageBytes(sources, isWaiting),
    pictureTopics: pictures.reduce((sum, { renditions }) => sum + 1 + renditions.length, 0),
    delivery: isWaiting ? 'all' : undefined,
  }
}
