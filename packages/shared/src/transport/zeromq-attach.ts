import type * as zmq from 'zeromq'
import { EndpointError, systemErrorCode } from '../errors.ts'
import { checkIpcPeer, describeIpcFailure, inUse, IpcFile } from './ipc-file.ts'
import { setQuietly } from './quiet-options.ts'

/** Programs that start at the same time see each other's files appear; the first or second look shows whose it is. */
const MAX_LOOKS = 20

/** The result of binding an endpoint. */
export interface Bound {
  /** The endpoint with the port or path that was chosen. */
  readonly endpoint: string
  /** Its socket file, if it has one. */
  readonly file: IpcFile | undefined
}

/**
 * Listens at an endpoint.
 *
 * @throws {@link EndpointError} `ERR_ADDRESS_IN_USE` or `ERR_ADDRESS_UNAVAILABLE` when that fails.
 */
export async function bindTo(socket: zmq.Socket, endpoint: string): Promise<Bound> {
  for (let look = 0; IpcFile.isTaken(endpoint); look++) {
    if (look === MAX_LOOKS) throw inUse(endpoint)
    await IpcFile.clear(endpoint)
  }
  try {
    chooseFamily(socket, endpoint)
    // ZeroMQ looks up names when it connects, but binds only to addresses and network interfaces.
    tryBind(socket, endpoint.replace('//localhost:', '//127.0.0.1:'))
  } catch (error) {
    throw describeFailure(endpoint, error)
  }
  const bound = socket.lastEndpoint ?? endpoint
  return { endpoint: bound, file: IpcFile.made(bound) }
}

/**
 * Connects to an address, a path or a name within the process; not to a host name.
 *
 * @throws {@link EndpointError} `ERR_ADDRESS_UNAVAILABLE` when this machine cannot.
 */
export function connectTo(socket: zmq.Socket, endpoint: string): void {
  checkIpcPeer(endpoint)
  try {
    chooseFamily(socket, endpoint)
    socket.connect(endpoint)
  } catch (error) {
    throw new EndpointError(
      'ERR_ADDRESS_UNAVAILABLE',
      endpoint,
      `cannot connect to ${endpoint}: this machine has no route to it (${systemErrorCode(error) ?? 'unknown'}); check the address`,
      { cause: error },
    )
  }
}

/** ZeroMQ reads this from the socket for each endpoint as it is added. */
function chooseFamily(socket: zmq.Socket, endpoint: string): void {
  const isIpv6 = endpoint.startsWith('tcp://[')
  if (socket.ipv6 !== isIpv6) setQuietly(socket, 'ipv6', isIpv6)
}

/** One failure in 5,000 says EAGAIN instead of the reason (measured, zeromq.js 6.8): trying again reveals it. */
function tryBind(socket: zmq.Socket, endpoint: string, attempts = 5): void {
  try {
    // `bind` would run in another thread while the socket is already being read: libzmq allows only one at a time.
    socket.bindSync(endpoint)
  } catch (error) {
    if (systemErrorCode(error) !== 'EAGAIN' || attempts === 1) throw error
    tryBind(socket, endpoint, attempts - 1)
  }
}

function describeFailure(endpoint: string, cause: unknown): EndpointError {
  const code = systemErrorCode(cause)
  if (code === 'EADDRINUSE') return inUse(endpoint, cause)
  const reason =
    describeIpcFailure(endpoint, code) ??
    `this machine has no such address or may not use it (${code ?? 'unknown'}); choose one of its own addresses, or 0.0.0.0 for all`
  return new EndpointError('ERR_ADDRESS_UNAVAILABLE', endpoint, `cannot bind ${endpoint}: ${reason}`, {
    cause,
  })
}
