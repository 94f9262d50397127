import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type AllowSource, type BlockKind, OptionError } from '@zcast/shared'
import { isKeyName, isSourceKind, KIND_CHOICES, publicKeyPath } from '@zcast/shared/internal'
import { isBareKey, isPath, refuseKey } from './read-keys.ts'

/** One of the items of `allow`. */
interface Allowance {
  readonly name: string
  readonly source: AllowSource
  /** A kind, a stream or a topic; `undefined` for everything. */
  readonly right: string | undefined
}

/** The streams of one socket, as far as permissions are concerned. */
export interface SocketStreams {
  readonly kind: BlockKind
  readonly members: readonly {
    readonly stream: string
    readonly topic: string
    /** True when clients of the source add further streams of their own. */
    readonly grows?: boolean | undefined
  }[]
}

const RIGHT = /^[A-Za-z0-9._/-]+$/

/**
 * Reads which keys may subscribe to which socket.
 *
 * @param texts - Items such as `lab`, `guest=video` or `clients/`, possibly several in one, separated by commas.
 * @returns For each socket, the sources of its allowed keys.
 * @throws {@link OptionError} when one cannot be read, or when sockets cannot keep the permissions apart: ZeroMQ admits
 *   a peer to a socket, not to a topic.
 */
export function planAllowed(
  texts: readonly string[],
  directory: string,
  sockets: readonly SocketStreams[],
): AllowSource[][] {
  const items = texts.flatMap((text) => text.split(',')).filter((text) => text !== '')
  if (items.length === 0) throw new OptionError('allow must not be empty')
  const allowances = items.map((item) => readAllowance(item, directory))
  for (const allowance of allowances) refuseUnknown(allowance, sockets)
  return sockets.map((socket) => {
    const granted = allowances.filter((allowance) => mayRead(allowance, socket, allowances))
    return [...new Map(granted.map(({ source }) => [source.path, source])).values()]
  })
}

function readAllowance(item: string, directory: string): Allowance {
  // The letters of a key include "=".
  if (isBareKey(item, directory)) refuseKey(item, 'allow', directory)
  const equals = item.lastIndexOf('=')
  const [name, right] = equals < 0 ? [item, undefined] : [item.slice(0, equals), item.slice(equals + 1)]
  refuseKey(name, 'allow', directory)
  if (right !== undefined && !RIGHT.test(right)) {
    throw new OptionError(`allow names no stream for "${name}": write ${name}=${KIND_CHOICES}`)
  }
  return { name, source: findSource(name, directory), right }
}

function findSource(name: string, directory: string): AllowSource {
  const file = { kind: 'file', path: publicKeyPath(directory, name) } as const
  if (isKeyName(name) && isFile(file.path)) return file
  if (isDirectory(name)) return { kind: 'directory', path: name }
  // A missing file is reported when it is read.
  if (!isPath(name)) return file
  return isFile(name) || name.endsWith('.key')
    ? { kind: 'file', path: name }
    : { kind: 'directory', path: join(name) }
}

function refuseUnknown({ name, right }: Allowance, sockets: readonly SocketStreams[]): void {
  if (right === undefined || isSourceKind(right)) return
  if (sockets.some(({ members }) => members.some((member) => isRightTo(right, member)))) return
  throw new OptionError(`allow gives "${name}" the stream "${right}", which is not published here`)
}

function mayRead(
  { name, right }: Allowance,
  { kind, members }: SocketStreams,
  all: readonly Allowance[],
): boolean {
  const whole = (given: string | undefined): boolean => given === undefined || given === kind
  const own = all.filter((allowance) => allowance.name === name)
  if (whole(right) || own.some((allowance) => whole(allowance.right))) return true
  const given = members.filter((member) => own.some((allowance) => isRightTo(allowance.right ?? '', member)))
  if (given.length === 0) return false
  if (given.length === members.length && !members.some(({ grows }) => grows)) return true
  const others = members.filter((member) => !given.includes(member) || member.grows).map(({ topic }) => topic)
  throw new OptionError(
    `allow cannot give "${name}" ${given.map(({ topic }) => topic).join(', ')} without all the ${kind} of this publisher, which share one endpoint (${[...new Set(others)].join(', ')}): publish them by processes of their own, or write ${name}=${kind}`,
  )
}

function isRightTo(right: string, { stream, topic }: SocketStreams['members'][number]): boolean {
  return right === stream || right === topic
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
