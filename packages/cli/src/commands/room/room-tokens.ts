import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OptionError } from '@zcast/shared'
import { describeSystemError, systemErrorCode } from '@zcast/shared/internal'

/**
 * A token that is kept in a file, so that a link with it lasts: read, or made when it is not there.
 *
 * @throws {@link OptionError} when the file can be neither read nor written.
 */
export function keepToken(folder: string, name: string): string {
  const path = join(folder, `${name}.token`)
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw cannot('read', path, error)
  }
  const token = randomBytes(16).toString('hex')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(path, `${token}\n`, { flag: 'wx', mode: 0o600 })
    chmodSync(path, 0o600)
  } catch (error) {
    throw cannot('write', path, error)
  }
  return token
}

function cannot(what: string, path: string, error: unknown): OptionError {
  return new OptionError(`cannot ${what} the token in ${path}: ${describeSystemError(error)}`, {
    cause: error,
  })
}
