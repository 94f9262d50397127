import { lstatSync, statSync, unlinkSync, type BigIntStats } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { EndpointError, systemErrorCode } from '../errors.ts'

/**
 * The socket file of an `ipc://` endpoint that is listened on. ZeroMQ removes whatever it finds there, even a text file
 * or another program's socket, and leaves its own file behind; this class prevents both for the paths it claims.
 */
export class IpcFile {
  readonly #path: string
  readonly #own: BigIntStats

  /** True when anything exists at the path of an endpoint and must be removed before listening there. */
  static isTaken(endpoint: string): boolean {
    const path = pathOf(endpoint)
    return path !== undefined && lookAt(path) !== undefined
  }

  /**
   * Removes the socket file of this user when nobody listens on it any more. Check that the path is free in the same
   * turn of the event loop in which it is bound: others may be about to do the same.
   *
   * @throws {@link EndpointError} `ERR_ADDRESS_IN_USE` when somebody listens there; `ERR_ADDRESS_UNAVAILABLE` when
   *   anything else is there.
   */
  static async clear(endpoint: string): Promise<void> {
    const path = pathOf(endpoint)
    const found = path === undefined ? undefined : lookAt(path)
    if (path === undefined || !found) return
    const answer = await ask(path)
    if (answer === 'listens') throw inUse(endpoint)
    if (!found.isSocket()) throw unavailable(endpoint, describeFound(found, path))
    if (answer === 'forbids' || found.uid !== ownUser()) {
      throw unavailable(endpoint, `the socket ${path} belongs to another user; choose another path`)
    }
    // The file there now may be newer than the answer.
    if (answer === 'refuses' && isSame(lookAt(path), found)) remove(endpoint, path)
  }

  /** Remembers the file that was just created. @returns `undefined` for an endpoint without a file. */
  static made(endpoint: string): IpcFile | undefined {
    const path = pathOf(endpoint)
    const own = path === undefined ? undefined : lookAt(path)
    return path !== undefined && own ? new IpcFile(path, own) : undefined
  }

  private constructor(path: string, own: BigIntStats) {
    this.#path = path
    this.#own = own
  }

  /**
   * Removes the file, unless another one has taken its place. Call it before the socket closes: then nobody else can
   * have taken the path.
   */
  remove(): void {
    try {
      if (isSame(lookAt(this.#path), this.#own)) unlinkSync(this.#path)
    } catch {
      // A file left behind is harmless: the next process to listen there removes it.
    }
  }
}

/**
 * The reason why ZeroMQ could not listen at an `ipc://` endpoint, as a sentence about its path; `undefined` for other
 * endpoints.
 */
export function describeIpcFailure(endpoint: string, code = 'unknown'): string | undefined {
  const path = endpoint.startsWith('ipc://') ? endpoint.slice('ipc://'.length) : undefined
  if (path === undefined) return undefined
  const folder = dirname(path)
  switch (code) {
    case 'ENOENT':
      return `there is no folder ${folder}; create it, or choose another path`
    case 'ENOTDIR':
      return `${folder} is not a folder; choose another path`
    case 'EACCES':
    case 'EPERM':
      return `this user may not create a socket in the folder ${folder}; choose another one`
    case 'EROFS':
      return `the folder ${folder} is on a read-only file system; choose another one`
    default:
      return `cannot create a socket in the folder ${folder} (${code}); choose another one`
  }
}

/**
 * Checks that something could answer at an `ipc://` endpoint.
 *
 * @throws {@link EndpointError} `ERR_ADDRESS_UNAVAILABLE` when anything other than a socket is there.
 */
export function checkIpcPeer(endpoint: string): void {
  const path = pathOf(endpoint)
  const found = path === undefined ? undefined : statSync(path, { bigint: true, throwIfNoEntry: false })
  if (path === undefined || !found || found.isSocket()) return
  const message = `cannot connect to ${endpoint}: ${path} is ${kindOf(found)}, not a socket; check the path`
  throw new EndpointError('ERR_ADDRESS_UNAVAILABLE', endpoint, message)
}

/** ZeroMQ chooses a path for `*`. For `@NAME` it creates no file, but would remove one with that name. */
function pathOf(endpoint: string): string | undefined {
  const path = endpoint.startsWith('ipc://') ? endpoint.slice('ipc://'.length) : '*'
  return path.startsWith('*') ? undefined : path
}

/** The status of a path, without following a link. ZeroMQ cannot remove a file that cannot be examined either. */
function lookAt(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

function isSame(one: BigIntStats | undefined, other: BigIntStats): boolean {
  return one?.ino === other.ino && one.dev === other.dev && one.birthtimeNs === other.birthtimeNs
}

/** Checks whether somebody listens at a path. */
function ask(path: string): Promise<'listens' | 'refuses' | 'forbids' | 'gone'> {
  return new Promise((resolve) => {
    const socket = connect({ path })
    socket.once('connect', () => {
      socket.destroy()
      resolve('listens')
    })
    socket.once('error', (error) => {
      const code = systemErrorCode(error)
      if (code === 'ECONNREFUSED' || code === 'ELOOP') resolve('refuses')
      else if (code === 'ENOENT') resolve('gone')
      // A socket whose queue is full (EAGAIN), or of another type (EPROTOTYPE), is still somebody's.
      else resolve(code === 'EACCES' || code === 'EPERM' ? 'forbids' : 'listens')
    })
  })
}

function ownUser(): bigint {
  return BigInt(process.getuid?.() ?? 0)
}

function remove(endpoint: string, path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    const code = systemErrorCode(error)
    if (code !== 'ENOENT') throw unavailable(endpoint, describeIpcFailure(endpoint, code) ?? path, error)
  }
}

function describeFound(found: BigIntStats, path: string): string {
  if (found.isDirectory())
    return `${path} is a folder; name a file in it, such as ${join(path, 'zcast.sock')}`
  return `${path} is ${kindOf(found)}, which is not replaced; choose another path`
}

function kindOf(found: BigIntStats): string {
  if (found.isDirectory()) return 'a folder'
  if (found.isSymbolicLink()) return 'a link'
  if (found.isFIFO()) return 'a named pipe'
  return found.isFile() ? 'a file' : 'a device'
}

/** The error for an endpoint where somebody already listens. */
export function inUse(endpoint: string, cause?: unknown): EndpointError {
  const message = `cannot bind ${endpoint}: address already in use (EADDRINUSE); stop the program that uses it or choose another endpoint`
  return new EndpointError('ERR_ADDRESS_IN_USE', endpoint, message, { cause })
}

function unavailable(endpoint: string, reason: string, cause?: unknown): EndpointError {
  return new EndpointError('ERR_ADDRESS_UNAVAILABLE', endpoint, `cannot bind ${endpoint}: ${reason}`, {
    cause,
  })
}
