import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { OptionError } from '@zcast/shared'
import { describeSystemError, isMissing } from '@zcast/shared/internal'

/**
 * Reads the key by which a room knows a guest again.
 *
 * @returns `undefined` when there is no such file yet.
 * @throws {@link OptionError} when it cannot be read.
 */
export function readGuestKey(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined
  } catch (error) {
    if (isMissing(error)) return undefined
    throw new OptionError(`cannot read the key in ${path}: ${describeSystemError(error)}`, { cause: error })
  }
}

/** Keeps a key, for its owner alone to read. @throws The system's error. */
export function writeGuestKey(path: string, key: string): void {
  writeFileSync(path, `${key}\n`, { mode: 0o600 })
  chmodSync(path, 0o600)
}
