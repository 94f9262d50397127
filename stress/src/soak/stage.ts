import { join } from 'node:path'
import { freePorts } from '../support/free-ports.ts'
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
  /** The publisher first. */
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
 * @param relays - So many are between the publisher and the others, one after the other.
 */
export async function openStage(logFolder: string, recordings: string, relays = 0): Promise<Stage> {
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
  const readers: PictureReader[] = []
  const close = async (): Promise<readonly (number | NodeJS.Signals)[]> => {
    for (const reader of readers) reader.close()
    const [publisher, ...subscribers] = members.map(({ process }) => process)
    const ends = await Promise.all(subscribers.map((process) => process.stop()))
    return publisher ? [await publisher.stop(), ...ends] : ends
  }
  try {
    const publish = ['publish', '--numbers-port', numbers, '--video-port', video]
    const publisher = start('publisher', new PublisherAccounts(), [
      ...publish,
      '--interval',
      '1ms',
      '--width',
      1280,
    ])
    await publisher.says(/publishing video/)
    let above = [numbers, video]
    for (const [index, hop] of hops.entries()) {
      const connect = [...new Set(above)].flatMap((each) => ['--connect', `tcp://127.0.0.1:${each}`])
      const bind = ['--bind', `tcp://127.0.0.1:${hop}`, '--delivery', 'all']
      const relay = start(`relay ${index + 1}`, new RelayAccounts(), ['relay', ...connect, ...bind])
      await relay.says(/passing on/)
      above = [hop, hop]
    }
    const [nearNumbers, nearVideo] = above
    for (const which of [1, 2, 3]) {
      const connect = `tcp://127.0.0.1:${nearNumbers}`
      start(`client ${which}`, new ClientAccounts(), ['client', which, '--connect', connect])
    }
    for (const [number, show] of [
      ['1', 'web'],
      ['2', 'none'],
    ] as const) {
      const args = ['viewer', number, '--show', show, '--connect', `tcp://127.0.0.1:${nearVideo}`]
      start(`viewer ${number}`, new ViewerAccounts(), show === 'web' ? [...args, '--port', port] : args)
    }
    const endpoints = [...new Set(above)].flatMap((each) => ['--connect', `tcp://127.0.0.1:${each}`])
    const files = ['--split', '20s', '--keep', '2m']
    start('recorder', new RecorderAccounts(), [
      'record',
      join(recordings, 'soak.mcap'),
      ...endpoints,
      ...files,
    ])
    await Promise.all(members.slice(1).map(({ process }) => process.says(/: connected: /)))
    readers.push(await readMjpeg(page), await readWebSocket(page))
  } catch (error) {
    await close()
    throw error
  }
  return { members, readers, close }
}
