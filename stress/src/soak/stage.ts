import { join } from 'node:path'
import { freePorts } from '../support/free-ports.ts'
import { startNatsServer, type OwnNatsServer } from '../support/nats-server.ts'
import { readMjpeg, readWebSocket, type PictureReader } from '../support/picture-readers.ts'
import { ZcastProcess } from '../support/zcast-process.ts'
import {
  ClientAccounts,
  PublisherAccounts,
  RecorderAccounts,
  RelayAccounts,
  ViewerAccounts,
  type Accounts,
} from './accounts.ts'

/** A process under test and its accounts. */
export interface Member {
  readonly process: ZcastProcess
  readonly accounts: Accounts
}

/** Everything that runs in a soak. */
export interface Stage {
  /** Publishers first. */
  readonly members: readonly Member[]
  readonly readers: readonly PictureReader[]
  /** Ends everything in good order, subscribers first. @returns How each member ended. */
  close(): Promise<readonly (number | NodeJS.Signals)[]>
}

/**
 * Starts a publisher of 1,000 numbers a second and of 720p pictures at 30 fps, three clients and two viewers: one with
 * a page, read by an MJPEG player and a WebSocket, one that shows nothing; and a recorder of everything.
 *
 * @param recordings - Where the recorder's files go.
 * @param between - So many relays, one after the other, or a NATS server.
 * @throws {@link OptionError} when there is no NATS server.
 */
export async function openStage(
  logFolder: string,
  recordings: string,
  between: number | 'nats' = 0,
): Promise<Stage> {
  const relays = between === 'nats' ? 0 : between
  const server: OwnNatsServer | undefined = between === 'nats' ? await startNatsServer() : undefined
  const [numbers, video, port, ...hops] = (await freePorts(3 + relays)) as [
    number,
    number,
    number,
    ...number[],
  ]
  const page = `http://127.0.0.1:${port}`
  const members: Member[] = []
  const start = (name: string, accounts: Accounts, args: readonly (string | number)[]): ZcastProcess => {
    const onOutput = (line: string): void => accounts.take(line)
    const process = new ZcastProcess(name, [...args, '--json'], { onOutput, logFolder })
    members.push({ process, accounts })
    return process
  }
  // Over NATS each kind has one of its own.
  const publishers = server ? 2 : 1
  const readers: PictureReader[] = []
  const close = async (): Promise<readonly (number | NodeJS.Signals)[]> => {
    for (const reader of readers) reader.close()
    const stop = (some: readonly Member[]): Promise<(number | NodeJS.Signals)[]> =>
      Promise.all(some.map(({ process }) => process.stop()))
    const ofSubscribers = await stop(members.slice(publishers))
    const ofPublishers = await stop(members.slice(0, publishers))
    await server?.close()
    return [...ofPublishers, ...ofSubscribers]
  }
  try {
    const [ofNumbers, ofVideo] = [
      ['--interval', '1ms'],
      ['--width', 1280],
    ]
    const publish = async (name: string, what: readonly (string | number)[]): Promise<void> => {
      await start(name, new PublisherAccounts(), ['publish', ...what]).says(/publishing (numbers|video)/)
    }
    if (server) {
      const connect = ['--connect', server.endpoint]
      await publish('publisher of numbers', ['numbers', ...ofNumbers, ...connect])
      await publish('publisher of video', ['video', ...ofVideo, ...connect])
    } else {
      const ports = ['--numbers-port', numbers, '--video-port', video]
      await publish('publisher', [...ports, ...ofNumbers, ...ofVideo])
    }
    const local = (each: number): string => `tcp://127.0.0.1:${each}`
    let above = server ? [server.endpoint, server.endpoint] : [local(numbers), local(video)]
    for (const [index, hop] of hops.entries()) {
      const connect = [...new Set(above)].flatMap((each) => ['--connect', each])
      const bind = ['--bind', local(hop), '--delivery', 'all']
      const relay = start(`relay ${index + 1}`, new RelayAccounts(), ['relay', ...connect, ...bind])
      await relay.says(/passing on/)
      above = [local(hop), local(hop)]
    }
    const [nearNumbers = '', nearVideo = ''] = above
    for (const which of [1, 2, 3]) {
      start(`client ${which}`, new ClientAccounts(), ['client', which, '--connect', nearNumbers])
    }
    for (const [number, show] of [
      ['1', 'web'],
      ['2', 'none'],
    ] as const) {
      const args = ['viewer', number, '--show', show, '--connect', nearVideo]
      start(`viewer ${number}`, new ViewerAccounts(), show === 'web' ? [...args, '--port', port] : args)
    }
    const endpoints = [...new Set(above)].flatMap((each) => ['--connect', each])
    const files = ['--split', '20s', '--keep', '2m']
    start('recorder', new RecorderAccounts(), [
      'record',
      join(recordings, 'soak.mcap'),
      ...endpoints,
      ...files,
    ])
    await Promise.all(members.slice(publishers).map(({ process }) => process.says(/: connected: /)))
    readers.push(await readMjpeg(page), await readWebSocket(page))
  } catch (error) {
    await close()
    throw error
  }
  return { members, readers, close }
}
