import { mkdir, open, readdir, stat, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { OptionError, systemErrorCode } from '../errors.ts'
import { findFileFlaw, findFolderFlaw } from '../files/folder-safety.ts'
import { describeSystemError } from '../system-error.ts'
import {
  formatCertificate,
  MAX_CERTIFICATE_BYTES,
  parseCertificate,
  type Certificate,
} from './certificate.ts'
import { belongTogether, createCurveKeys, type CurveKeys } from './curve-keys.ts'
import { isExposed } from './is-exposed.ts'

/** The default folder for keys. */
export const DEFAULT_KEYS_DIRECTORY = 'keys'

/** The largest number of keys in a directory; a larger directory is refused. */
export const MAX_KEY_FILES = 10_000

const PUBLIC_SUFFIX = '.key'
const SECRET_SUFFIX = '.key_secret'

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/

/** True when a text can be the name of a key: 1 to 64 of `A-Z a-z 0-9 . _ -`, not starting with a dot. */
export function isKeyName(text: string): boolean {
  return NAME.test(text)
}

/** The path of the public key file of a name. */
export function publicKeyPath(directory: string, name: string): string {
  return join(directory, name + PUBLIC_SUFFIX)
}

/** The path of the file with both keys of a name. */
export function secretKeyPath(directory: string, name: string): string {
  return join(directory, name + SECRET_SUFFIX)
}

/** The two files that were written. */
export interface WrittenKeys {
  readonly publicPath: string
  readonly secretPath: string
  readonly publicKey: string
}

/**
 * Creates new keys and writes `NAME.key` and `NAME.key_secret`, the latter for its owner alone (mode 0600). Creates the
 * directory if it is missing, also for its owner alone.
 *
 * @throws {@link OptionError} `ERR_KEY` when the name breaks the rules or ends like a key file, or one of the files
 *   exists already: keys are never overwritten.
 * @throws {@link OptionError} `ERR_KEY` when a file cannot be written.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { readSecretKeys, writeNewKeys } from '@zcast/shared'
 *
 * const folder = await mkdtemp(join(tmpdir(), 'keys-'))
 * const { secretPath, publicKey } = await writeNewKeys(folder, 'lab')
 * const { keys } = await readSecretKeys(secretPath)
 * console.log(keys.publicKey === publicKey)
 * ```
 */
export async function writeNewKeys(directory: string, name: string): Promise<WrittenKeys> {
  if (!isKeyName(name)) {
    throw keyError(`the key name "${name}" must be 1 to 64 of A-Z a-z 0-9 . _ - and not begin with a dot`)
  }
  const suffix = [PUBLIC_SUFFIX, SECRET_SUFFIX].find((ending) => name.endsWith(ending))
  if (suffix !== undefined) {
    // Given as an option, such a name would be taken for the path of a file.
    throw keyError(`the key name "${name}" must not end in ${suffix}, which is reserved for key files`)
  }
  await refuseUnsafeFolder(directory)
  const keys = createCurveKeys()
  const [publicPath, secretPath] = [publicKeyPath(directory, name), secretKeyPath(directory, name)]
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await writeNew(publicPath, formatCertificate({ publicKey: keys.publicKey }, name), 0o644)
    try {
      await writeNew(secretPath, formatCertificate(keys, name), 0o600)
    } catch (error) {
      await unlink(publicPath)
      throw error
    }
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') {
      throw keyError(`cannot write keys in "${directory}": ${describeSystemError(error)}`, error)
    }
    throw keyError(
      `there are keys named "${name}" in "${directory}" already, and keys are never overwritten: choose another name, or delete them`,
      error,
    )
  }
  return { publicPath, secretPath, publicKey: keys.publicKey }
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  // Exclusive: neither a file nor a link that somebody has put there is followed.
  const file = await open(path, 'wx', mode)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * Reads a public key. A secret key in the same file is ignored.
 *
 * @throws {@link OptionError} `ERR_KEY`, which names the file but never its content.
 */
export async function readPublicKey(path: string): Promise<string> {
  return (await readCertificate(path)).publicKey
}

/** Keys, with the flaw of their file if it has one. */
export interface SecretKeyFile {
  readonly keys: CurveKeys
  /** One sentence when others than the owner can read the file. Such files are accepted because PyZMQ makes them. */
  readonly warning: string | undefined
}

/**
 * Reads both keys of a secret file.
 *
 * @throws {@link OptionError} `ERR_KEY`, which names the file but never its content: it is missing, is not a
 *   certificate, has no secret key, or its keys do not belong together.
 */
export async function readSecretKeys(path: string): Promise<SecretKeyFile> {
  const { publicKey, secretKey, mode } = await readCertificate(path)
  if (secretKey === undefined) {
    throw keyError(`the key file "${path}" has no secret key: name the one that ends in ${SECRET_SUFFIX}`)
  }
  const keys = { publicKey, secretKey }
  if (!belongTogether(keys)) {
    throw keyError(
      `the public and the secret key in "${path}" do not belong together: make new ones with "zcast keys new"`,
    )
  }
  return {
    keys,
    warning: isExposed(mode)
      ? `others can read the secret key in "${path}": run chmod 600 on it, or make new keys`
      : undefined,
  }
}

/** A key of a directory. */
export interface KeyFile {
  readonly name: string
  readonly publicKey: string
  /** True when the secret key exists too. */
  readonly secret: boolean
  /** True when others than the owner can read the secret key. */
  readonly exposed: boolean
}

/** The keys of a directory, and the files in it that are not keys. */
export interface KeyList {
  readonly keys: readonly KeyFile[]
  /** One sentence each. */
  readonly problems: readonly string[]
}

/**
 * Reads every `*.key` of a directory, sorted by name.
 *
 * @throws {@link OptionError} `ERR_KEY` when the directory cannot be read or holds more than {@link MAX_KEY_FILES}.
 */
export async function listKeys(directory: string): Promise<KeyList> {
  const keys: KeyFile[] = []
  const problems: string[] = []
  for (const name of await listKeyNames(directory)) {
    try {
      const publicKey = await readPublicKey(publicKeyPath(directory, name))
      const secret = await statOrNone(secretKeyPath(directory, name))
      keys.push({
        name,
        publicKey,
        secret: secret !== undefined,
        exposed: secret !== undefined && isExposed(secret.mode),
      })
    } catch (error) {
      problems.push((error as Error).message)
    }
  }
  return { keys, problems }
}

/**
 * The names of the keys in a directory.
 *
 * @throws {@link OptionError} `ERR_KEY` as for {@link listKeys}.
 */
export async function listKeyNames(directory: string): Promise<string[]> {
  await refuseUnsafeFolder(directory)
  let files: string[]
  try {
    files = await readdir(directory)
  } catch (error) {
    const reason =
      systemErrorCode(error) === 'ENOENT' ? 'there is no such folder' : describeSystemError(error)
    throw keyError(`cannot read the keys in "${directory}": ${reason}`, error)
  }
  const names = files
    .filter((file) => file.endsWith(PUBLIC_SUFFIX))
    .map((file) => basename(file, PUBLIC_SUFFIX))
  if (names.length > MAX_KEY_FILES) throw keyError(`there are over ${MAX_KEY_FILES} keys in "${directory}"`)
  return names.filter(isKeyName).toSorted()
}

/** Anybody who can write to the folder can replace a key. */
async function refuseUnsafeFolder(directory: string): Promise<void> {
  const flaw = await findFolderFlaw(directory)
  if (flaw !== undefined) throw keyError(`the keys in "${directory}" are not used, because ${flaw}`)
}

async function readCertificate(path: string): Promise<Certificate & { mode: number }> {
  let text: string
  let mode: number
  try {
    const found = await stat(path)
    mode = found.mode
    if (!found.isFile()) throw keyError(`"${path}" is not a key file`)
    if (found.size > MAX_CERTIFICATE_BYTES)
      throw keyError(`"${path}" is not a key file: it is over ${MAX_CERTIFICATE_BYTES} bytes`)
    const flaw = await findFileFlaw(path, found)
    if (flaw !== undefined) throw keyError(`the key file "${path}" is not used, because ${flaw}`)
    const file = await open(path)
    try {
      // Reads only the announced number of bytes: the file may grow meanwhile.
      const { buffer, bytesRead } = await file.read(Buffer.alloc(found.size), 0, found.size, 0)
      text = buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof OptionError) throw error
    if (systemErrorCode(error) === 'ENOENT') {
      throw keyError(
        `there is no key file "${path}": make keys with "zcast keys new NAME", or check --keys-dir`,
        error,
      )
    }
    throw keyError(`cannot read the key file "${path}": ${describeSystemError(error)}`, error)
  }
  const certificate = parseCertificate(text)
  if (typeof certificate === 'string') throw keyError(`"${path}" is not a key file: ${certificate}`)
  return { ...certificate, mode }
}

async function statOrNone(path: string): Promise<{ mode: number } | undefined> {
  try {
    return await stat(path)
  } catch {
    return undefined
  }
}

function keyError(message: string, cause?: unknown): OptionError {
  return new OptionError(message, { code: 'ERR_KEY', cause })
}
