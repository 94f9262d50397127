import { accessSync, constants } from 'node:fs'
import { type NatsOptions, OptionError } from '@zcast/shared'
import { hasSecrets } from '@zcast/shared/internal'
import type { Arguments } from './arguments.ts'
import type { OptionSpecs } from './option-spec.ts'

/** Options of every command that may connect to a NATS server. */
export const NATS_OPTIONS: OptionSpecs = {
  'nats-creds': {
    type: 'string',
    value: 'FILE',
    describe:
      'credentials for NATS servers (nats://): a .creds file, an nkey seed, or a file with user:password or a token',
  },
  'nats-ca': {
    type: 'string',
    value: 'FILE',
    describe: "certificates (PEM) that NATS servers' are signed by [default: those of Node.js]",
  },
}

const NATS_URL = /^(nats|tls|wss?):\/\//

/**
 * Reads what NATS servers want to know.
 *
 * @throws {@link OptionError} when a file cannot be read, or a password is on the command line.
 */
export function planNats(args: Arguments): NatsOptions {
  // ps shows only these; it does not show the same texts from the file or the environment.
  if (
    process.argv.slice(2).some((text) => NATS_URL.test(text.replace(/^--[a-z-]+=/, '')) && hasSecrets(text))
  )
    throw new OptionError(
      'a NATS endpoint on the command line must not hold a password, which ps would show: put user:password into a file and name it with --nats-creds',
    )
  return { credentialsFile: readableFile(args, 'nats-creds'), authorityFile: readableFile(args, 'nats-ca') }
}

function readableFile(args: Arguments, name: string): string | undefined {
  const path = args.text(name)
  if (path === undefined) return undefined
  try {
    accessSync(path, constants.R_OK)
  } catch (error) {
    throw new OptionError(`cannot read the file ${path} that ${name} names: check its path and permissions`, {
      cause: error,
    })
  }
  return path
}
