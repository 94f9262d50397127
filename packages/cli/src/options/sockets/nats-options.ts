import { accessSync, constants, statSync } from 'node:fs'
import { type NatsOptions, type NatsRetention, OptionError } from '@zcast/shared'
import { hasSecrets, parseByteSize, parseDuration, parseEndpoint } from '@zcast/shared/internal'
import { parseMoment } from '../reading/parse-moment.ts'
import type { Arguments } from '../reading/arguments.ts'
import type { OptionSpecs } from '../option-spec.ts'

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

/** For the side below of a command that connects to NATS servers on two sides. */
export const TO_NATS_OPTIONS: OptionSpecs = {
  'to-nats-creds': {
    type: 'string',
    value: 'FILE',
    describe: 'credentials for the NATS servers below [default: nats-creds, where none are above]',
  },
}

/** For a publisher. */
export const RETAIN_OPTIONS: OptionSpecs = {
  retain: {
    type: 'string',
    value: 'LIMIT',
    describe:
      'have a NATS server keep what is sent, for a time (1h), up to a size of each topic (10G), or 1h,10G; of pictures the newest',
  },
}

/** For a subscriber. */
export const SINCE_OPTIONS: OptionSpecs = {
  since: {
    type: 'string',
    value: 'TIME',
    describe: 'begin with what a NATS server has kept: 10m ago, or 2026-01-31T08:00 (see publish --retain)',
  },
}

/** True for the endpoint of a NATS server. @throws {@link EndpointError} when it cannot be parsed. */
export function isNats(endpoint: string): boolean {
  return parseEndpoint(endpoint).transport === 'nats'
}

const NATS_URL = /\b(nats|tls|wss?):\/\//

/**
 * Reads what NATS servers want to know.
 *
 * @param side - Below, the credentials of that side come first. Default `above`.
 * @throws {@link OptionError} when a file cannot be read, or a password is on the command line.
 */
export function planNats(args: Arguments, side: 'above' | 'below' = 'above'): NatsOptions {
  // ps shows only these; it does not show the same texts from the file or the environment.
  if (process.argv.slice(2).some((text) => NATS_URL.test(text) && hasSecrets(text)))
    throw new OptionError(
      'a NATS endpoint on the command line must not hold a password, which ps would show: put user:password into a file and name it with --nats-creds',
    )
  const [retain, since] = [args.text('retain'), args.text('since')]
  for (const [name, text] of Object.entries({ retain, since })) {
    if (
      text !== undefined &&
      !ENDPOINT_LISTS.some((list) => args.list(list).some((given) => NATS_URL.test(given)))
    )
      throw new OptionError(
        `${name} needs a NATS server that keeps values: give it with --connect nats://HOST:4222`,
      )
  }
  return {
    credentialsFile:
      (side === 'below' ? readableFile(args, 'to-nats-creds') : undefined) ??
      readableFile(args, 'nats-creds'),
    authorityFile: readableFile(args, 'nats-ca'),
    ...(retain !== undefined && { retain: parseRetention(retain) }),
    ...(since !== undefined && { since: parseMoment(since, 'since') }),
  }
}

/** Options that may name a NATS server. */
const ENDPOINT_LISTS = ['connect', 'to', 'numbers', 'video', 'audio']

function parseRetention(text: string): NatsRetention {
  const limits: { maxAgeMs?: number; maxBytes?: number } = {}
  for (const item of text.split(',')) {
    if (/^[\d.]+(ms|s|m|h)$/.test(item)) limits.maxAgeMs = parseDuration(item, 'retain')
    else limits.maxBytes = parseByteSize(item, 'retain')
  }
  return limits
}

function readableFile(args: Arguments, name: string): string | undefined {
  const path = args.text(name)
  if (path === undefined) return undefined
  if (isRegularFile(path, name)) return path
  throw new OptionError(
    `${path}, which ${name} names, must be a regular file, no folder or pipe: it is read again for each connection`,
  )
}

function isRegularFile(path: string, name: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return statSync(path).isFile()
  } catch (cause) {
    throw new OptionError(`cannot read the file ${path} that ${name} names: check its path and permissions`, {
      cause,
    })
  }
}
