import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { OptionError } from '@zcast/shared'
import { describeSystemError, isExposed } from '@zcast/shared/internal'
import type { Arguments } from '../reading/arguments.ts'
import { keysDirectory } from '../keys/read-keys.ts'

/** The clients that may use a page. */
export interface PageAccess {
  readonly host: string | undefined
  readonly token: string | undefined
  /** The problem of the token's file, for the log. */
  readonly warning: string | undefined
  readonly noToken: boolean
  /** A certificate with its chain, and its private key, both PEM; `undefined` for plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  readonly allowedHosts: readonly string[]
  readonly allowedOrigins: readonly string[]
}

/**
 * Reads who may use a page. The token comes from a file or the environment, never from the command line, where every
 * user of the machine could read it.
 *
 * @throws {@link OptionError} when a file cannot be read, or is no certificate or key.
 */
export async function planPageAccess(args: Arguments): Promise<PageAccess> {
  const noToken = args.flag('no-token') ?? false
  const path = args.text('token-file')
  const file = path === undefined ? undefined : readToken(path)
  if (noToken && path !== undefined) throw new OptionError('give either token-file or no-token, not both')
  return {
    host: args.text('host'),
    token: noToken ? undefined : (file?.token ?? process.env['ZCAST_TOKEN']),
    warning: file?.warning,
    noToken,
    tls: await planTls(args),
    allowedHosts: args.list('allowed-host'),
    allowedOrigins: args.list('allow-origin'),
  }
}

async function planTls(args: Arguments): Promise<PageAccess['tls']> {
  const [cert, key] = [args.text('tls-cert'), args.text('tls-key')]
  if (cert === undefined && key === undefined) return args.flag('https') ? ownCertificate(args) : undefined
  if (key === undefined) throw new OptionError('tls-cert needs tls-key: give the file of its private key too')
  if (cert === undefined)
    throw new OptionError('tls-key needs tls-cert: give the file of its certificate too')
  const tls = { cert: readPem(cert, 'certificate'), key: readPem(key, 'private key') }
  try {
    createSecureContext(tls)
  } catch (error) {
    throw new OptionError(
      `${cert} and ${key} cannot be used: give a certificate and the private key that belongs to it, both PEM and without a password`,
      { cause: error },
    )
  }
  return tls
}

async function ownCertificate(args: Arguments): Promise<PageAccess['tls']> {
  const { openOwnCertificate } = await import('../../page/own-certificate.ts')
  const folder = keysDirectory(args)
  try {
    return await openOwnCertificate(folder, args.list('allowed-host'))
  } catch (error) {
    throw new OptionError(
      `cannot keep a certificate in ${folder}: ${describeSystemError(error)}; choose another folder with --keys-dir`,
      { cause: error },
    )
  }
}

function readPem(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new OptionError(`cannot read the ${what} in ${path}: ${describeSystemError(error)}`, {
      cause: error,
    })
  }
}

/** Reads a token from a file. @throws {@link OptionError} When it cannot be read. */
export function readToken(path: string): { token: string; warning: string | undefined } {
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
