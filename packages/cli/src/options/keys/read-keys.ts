import { existsSync } from 'node:fs'
import {
  type CurveKeys,
  type CurveOptions,
  DEFAULT_KEYS_DIRECTORY,
  type NatsOptions,
  OptionError,
  readPublicKey,
  readSecretKeys,
} from '@zcast/shared'
import {
  isCurveKey,
  isKeyName,
  KIND_NAMES,
  publicKeyPath,
  requireCurve,
  secretKeyPath,
} from '@zcast/shared/internal'
import type { Arguments } from '../reading/arguments.ts'
import type { CommandContext } from '../../command-context.ts'
import { planNats } from '../sockets/nats-options.ts'

/** The folder of keys that the options name. */
export function keysDirectory(args: Arguments): string {
  return args.text('keys-dir') ?? DEFAULT_KEYS_DIRECTORY
}

/** A command's own keys, with a warning about their file if there is one. */
export interface OwnKeys {
  readonly keys: CurveKeys
  readonly warning: string | undefined
}

/**
 * Reads the keys that an option names.
 *
 * @param option - Default `curve`.
 * @returns `undefined` when nothing is encrypted.
 * @throws {@link OptionError} when they cannot be read; {@link StreamError} `ERR_CURVE` when ZeroMQ cannot encrypt.
 */
export async function readOwnKeys(
  args: Arguments,
  option: 'curve' | 'to-curve' = 'curve',
): Promise<OwnKeys | undefined> {
  const text = args.text(option)
  if (text === undefined) return undefined
  requireCurve()
  const directory = keysDirectory(args)
  refuseKey(text, option, directory)
  return readSecretKeys(isPath(text) ? text : secretKeyPath(directory, text))
}

/** The keys of a subscriber, and what NATS servers want of it. */
export interface SubscriberKeys {
  readonly nats?: NatsOptions
  readonly curve: CurveOptions | undefined
  readonly warning: string | undefined
}

/**
 * Reads the keys of a subscriber.
 *
 * @throws {@link OptionError} when a file cannot be read, or `curve` or `server-key` was given alone.
 */
export async function planSubscriberKeys(args: Arguments): Promise<SubscriberKeys> {
  const serverKey = args.text('server-key')
  const own = await readOwnKeys(args)
  const nats = planNats(args)
  if (!own && serverKey === undefined) return { nats, curve: undefined, warning: undefined }
  if (!own) throw new OptionError('server-key needs curve: name your own keys, such as --curve lab')
  if (serverKey === undefined) {
    throw new OptionError("curve needs server-key: name the file with the publisher's public key")
  }
  const directory = keysDirectory(args)
  refuseKey(serverKey, 'server-key', directory)
  const isName = !existsSync(serverKey) && !isPath(serverKey)
  const path = isName ? publicKeyPath(directory, serverKey) : serverKey
  return { nats, curve: { keys: own.keys, serverKey: await readPublicKey(path) }, warning: own.warning }
}

/** Warns about a problem with the key file. */
export function warnOfKeys(context: CommandContext, warning: string | undefined): void {
  if (warning === undefined) return
  context.log.warning(warning)
}

/** Ends of a path and of a name with a right. */
const NOT_OF_A_KEY = ['.key', ...KIND_NAMES.map((kind) => `=${kind}`)]

/** True when a text is the path of a file, and not the name of keys. */
export function isPath(text: string): boolean {
  return /[/\\]/.test(text) || text.endsWith('.key') || text.endsWith('.key_secret')
}

/**
 * True when a text is a key itself. A path or a name with a right may also have 40 letters of Z85, but no key ends like
 * these; a name may too, and is taken for one when its files are in the directory.
 */
export function isBareKey(text: string, directory: string): boolean {
  if (!isCurveKey(text.trim()) || NOT_OF_A_KEY.some((end) => text.endsWith(end))) return false
  const name = text.includes('=') ? text.slice(0, text.lastIndexOf('=')) : text
  return !existsSync(text) && !hasKeys(directory, text) && !hasKeys(directory, name)
}

function hasKeys(directory: string, name: string): boolean {
  if (!isKeyName(name)) return false
  return existsSync(publicKeyPath(directory, name)) || existsSync(secretKeyPath(directory, name))
}

/** Every user of the machine would see a key itself through ps; the error does not repeat it either. */
export function refuseKey(text: string, name: string, directory: string): void {
  if (isBareKey(text, directory)) {
    throw new OptionError(
      `${name} must be the name of keys or of their file, never a key itself, which ps would show`,
    )
  }
  if (isKeyName(text) || isPath(text)) return
  throw new OptionError(`${name} must be the name of keys (1 to 64 of A-Z a-z 0-9 . _ -) or of their file`)
}
