import { readFileSync, statSync } from 'node:fs'
import { OptionError } from '@zcast/shared'
import { describeSystemError, isExposed } from '@zcast/shared/internal'
import type { Arguments } from './arguments.ts'

/** The clients that may use a page. */
export interface PageAccess {
  readonly host: string | undefined
  readonly token: string | undefined
  /** The problem of the token's file, for the log. */
  readonly warning: string | undefined
  readonly noToken: boolean
  readonly allowedHosts: readonly string[]
  readonly allowedOrigins: readonly string[]
}

/**
 * Reads who may use a page. The token comes from a file or the environment, never from the command line, where every
 * user of the machine could read it.
 *
 * @throws {@link OptionError} when the file cannot be read.
 */
export function planPageAccess(args: Arguments): PageAccess {
  const noToken = args.flag('no-token') ?? false
  const path = args.text('token-file')
  const file = path === undefined ? undefined : readToken(path)
  if (noToken && path !== undefined) throw new OptionError('give either token-file or no-token, not both')
  return {
    host: args.text('host'),
    token: noToken ? undefined : (file?.token ?? process.env['ZCAST_TOKEN']),
    warning: file?.warning,
    noToken,
    allowedHosts: args.list('allowed-host'),
    allowedOrigins: args.list('allow-origin'),
  }
}

function readToken(path: string): { token: string; warning: string | undefined } {
  try {
    const token = readFileSync(path, 'utf8').trim()
    const stats = statSync(path)
    const isOpen = stats.isFile() && isExposed(stats.mode)
    const warning = isOpen ? `others can read the token in "${path}": run chmod 600 on it` : undefined
    return { token, warning }
  } catch (error) {
    throw new OptionError(`cannot read the token in ${path}: ${describeSystemError(error)}`, { cause: error })
  }
}
