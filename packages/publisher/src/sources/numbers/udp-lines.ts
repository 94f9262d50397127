import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { Readable } from 'node:stream'
import { EndpointError, type Log, OptionError } from '@zcast/shared'
import { describeSystemError } from '@zcast/shared/internal'

/** Bytes of datagrams that wait for a slow subscriber. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024

/** What a datagram that waits takes beside its own bytes: without it very short ones would take a hundred times the limit. */
const DATAGRAM_BYTES = 256

const LINE_END = Buffer.from('\n')

/** Where datagrams are received. */
export interface UdpAddress {
  readonly host: string
  readonly port: number
}

/** Reads `udp://HOST:PORT`. @throws {@link OptionError} `ERR_OPTION` when it is anything else. */
export function parseUdpAddress(text: string): UdpAddress {
  const [, host = '', port = ''] = /^udp:\/\/(\[[\da-fA-F:.]+\]|[^:/[\]]+):(\d{1,5})\/?$/.exec(text) ?? []
  if (host === '' || Number(port) > 65_535)
    throw new OptionError(`"${text}" is not udp://HOST:PORT, such as udp://127.0.0.1:47269`)
  return { host: host.replaceAll(/[[\]]/g, ''), port: Number(port) }
}

/**
 * Listens for datagrams that hold lines, one or several each, as Teleplot's do.
 *
 * @param log - Where is said that datagrams were left out because a subscriber is slow. Default: nowhere.
 * @throws {@link EndpointError} `ERR_ENDPOINT` when the address cannot be listened on.
 */
export async function openUdpLines(
  { host, port }: UdpAddress,
  log?: Log,
): Promise<Readable & { readonly port: number }> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  try {
    socket.bind(port, host)
    await once(socket, 'listening')
  } catch (error) {
    socket.close()
    const address = `udp://${isIPv6(host) ? `[${host}]` : host}:${port}`
    throw new EndpointError(
      'ERR_ENDPOINT',
      address,
      `cannot receive on ${address}: ${describeSystemError(error)}`,
      {
        cause: error,
      },
    )
  }
  return Object.assign(readDatagrams(socket, log), { port: socket.address().port })
}

function readDatagrams(socket: Socket, log: Log | undefined): Readable {
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let isWanted = false
  const pass = (): void => {
    if (!isWanted || waiting.length === 0) return
    isWanted = false
    const bytes = Buffer.concat(waiting)
    waiting = []
    waitingBytes = 0
    readable.push(bytes)
  }
  const readable = new Readable({
    read: () => {
      isWanted = true
      pass()
    },
    destroy: (error, done) => {
      waiting = []
      socket.close(() => done(error))
    },
  })
  // Whoever reads later is told: without this a socket that fails before ends the process.
  readable.on('error', () => undefined)
  socket.on('message', (datagram) => {
    if (readable.destroyed || datagram.length === 0) return
    const cost = datagram.length + DATAGRAM_BYTES
    if (readable.readableLength + waitingBytes + cost > MAX_WAITING_BYTES) {
      log?.warning(
        'a datagram of numbers was left out, as a subscriber takes them too slowly',
        undefined,
        'udp',
      )
      return
    }
    waiting.push(Buffer.concat([datagram, LINE_END]))
    waitingBytes += cost
    pass()
  })
  socket.on('error', (error) => readable.destroy(error))
  return readable
}
