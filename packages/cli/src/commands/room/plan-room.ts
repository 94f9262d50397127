import { statSync } from 'node:fs'
import { parseLiveSource, Room, ROOM_ENDPOINT, type RoomOptions } from '@zcast/room'
import { OptionError, openTransport } from '@zcast/shared'
import { isLoopbackHost } from '@zcast/shared/internal'
import type { CommandContext } from '../../command-context.ts'
import type { Plan } from '../../command.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { planPageAccess, readToken, type PageAccess } from '../../options/pages/page-access.ts'
import { ROOM_PORT } from '../../options/pages/page-ports.ts'
import { openCache, readCacheSize } from '../../options/sources/read-video-options.ts'
import { planNats } from '../../options/sockets/nats-options.ts'
import { planSocket } from '../../options/sockets/plan-socket.ts'
import { planPublisherKeys, type PublisherKeys } from '../../options/keys/publisher-keys.ts'
import { warnOfExposure } from '../../security/exposure.ts'
import { noticeRefusals } from '../../security/refusal-notices.ts'
import { announceRoom } from './announce-room.ts'
import { keepToken } from './room-tokens.ts'

const DATA_FOLDER = 'room'
const FILMS_FOLDER = 'videos'

/** Reads and checks the options of `zcast room`. @throws {@link OptionError} when one is wrong. */
export async function planRoom(args: Arguments): Promise<Plan> {
  const name = args.text('name') ?? 'main'
  const folder = args.text('data') ?? DATA_FOLDER
  const { warning, ...access } = await planPageAccess(args)
  const binds = args.list('bind')
  const options: RoomOptions = {
    name,
    folder,
    bind: binds.length > 0 ? binds : [ROOM_ENDPOINT],
    port: args.port('port') ?? ROOM_PORT,
    hostsOnly: args.flag('hosts-only'),
    films: planFilms(args),
    sources: args.list('source').map(parseLiveSource),
    maxWidth: args.integer('max-width', { least: 16, most: 8192 }),
    maxUploadBytes: args.byteSize('max-upload', { least: '1M', most: '1T' }),
    maxFolderBytes: args.byteSize('max-folder', { least: '1M', most: '100T' }),
    ...planVoices(args, access.host),
    ...planSocket(args),
    ...access,
    hostToken: planHostToken(args),
  }
  const nats = planNats(args)
  const cacheBytes = readCacheSize(args)
  const keys = await planPublisherKeys(args, [
    { kind: 'video', members: [{ stream: name, topic: `video/${name}`, grows: true }] },
  ])
  return {
    role: 'room',
    run: async (context) => {
      if (warning !== undefined) context.log.warning(warning)
      const cache = (await openCache({ cacheBytes }, context.log)) ?? false
      const sourceTransport: RoomOptions['sourceTransport'] = (endpoints) =>
        openTransport(endpoints, { nats, onRefused: noticeRefusals(context) })
      await runRoom(context, keepTokens({ ...options, sourceTransport, cache }), keys, access)
    },
  }
}

/** The folder that was named must be there; the usual one need not. */
function planFilms(args: Arguments): string | undefined {
  const folder = args.text('folder')
  const isFolder = statSync(folder ?? FILMS_FOLDER, { throwIfNoEntry: false })?.isDirectory() ?? false
  if (folder !== undefined && !isFolder)
    throw new OptionError(`folder "${folder}" is not a folder: name one with films in it`)
  return isFolder ? (folder ?? FILMS_FOLDER) : undefined
}

function planVoices(
  args: Arguments,
  host: string | undefined,
): Pick<RoomOptions, 'echo' | 'echoDelaySeconds'> {
  const delayMs = args.duration('echo-delay', { least: '0s', most: '10m' })
  const port = args.port('echo-port')
  const format = {
    rate: args.integer('echo-rate', { least: 1000, most: 192_000 }),
    channels: args.integer('echo-channels', { least: 1, most: 8 }),
    chunk: args.integer('echo-chunk', { least: 16, most: 65_536 }),
  }
  const [given] = Object.entries(format).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (port === undefined && given !== undefined)
    throw new OptionError(`echo-${given} needs echo-port: it is about the old voice programs`)
  return {
    echoDelaySeconds: delayMs === undefined ? undefined : delayMs / 1000,
    echo: port === undefined ? undefined : { ...format, port, host },
  }
}

function planHostToken(args: Arguments): string | undefined {
  const path = args.text('host-token-file')
  return path === undefined ? process.env['ZCAST_HOST_TOKEN'] : readToken(path).token
}

/**
 * Beyond this machine a room wants an invitation, unless it is open to all, and hosts another: where none was given, they
 * are made and kept.
 */
function keepTokens(options: RoomOptions): RoomOptions {
  const { noToken = false, host = '127.0.0.1', token, hostToken, folder } = options
  if (isLoopbackHost(host)) return options
  return {
    ...options,
    token: noToken ? undefined : (token ?? keepToken(folder, 'guest')),
    hostToken: hostToken ?? keepToken(folder, 'host'),
  }
}

async function runRoom(
  context: CommandContext,
  options: RoomOptions,
  keys: PublisherKeys,
  access: Omit<PageAccess, 'warning'>,
): Promise<void> {
  const ended = new AbortController()
  const bind = [options.bind ?? ROOM_ENDPOINT].flat()
  try {
    const [security] = await keys.open(context, ended.signal)
    const transport = await openTransport(bind, security)
    const room = await Room.open({ ...options, transport, log: context.log, notices: context.notices })
    try {
      context.status(`topics of the room on ${room.endpoints.join(', ')}`)
      if (room.echoPort !== undefined) {
        const echo = `tcp://${access.host ?? '127.0.0.1'}:${room.echoPort}`
        context.status(`old voice programs come in at ${echo}`)
        warnOfExposure(context, [echo], 'echo')
      }
      if (!keys.secured) warnOfExposure(context, room.endpoints, 'publisher')
      announceRoom(context, room, access.tls)
      if (options.token !== undefined && access.token === undefined)
        context.status(
          `the tokens of guests and of hosts are kept in ${options.folder}: guest.token, host.token`,
        )
      context.ready(room.address)
      await untilAborted(context.signal)
    } finally {
      await room.close()
      context.summary(describe(room))
      context.report({ type: 'summary', lost: null, latencyMs: null })
    }
  } finally {
    ended.abort()
  }
}

function describe(room: Room): string {
  const { guests } = room
  return `${guests} ${guests === 1 ? 'guest' : 'guests'} came`
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
