import type { Arguments } from '../reading/arguments.ts'
import type { OptionSpecs, ValueSpec } from '../option-spec.ts'
import { portOption } from './port-option.ts'

/** The ports of what sends numbers and pictures. */
export const SENDING_PORTS: OptionSpecs = {
  'numbers-port': portOption('the numbers', 5556),
  'video-port': portOption('the video', 5557),
}

/** Where what sends numbers and pictures listens. */
export const LISTEN_OPTIONS: OptionSpecs = {
  host: {
    type: 'string',
    value: 'ADDRESS',
    describe: 'address to listen on; 0.0.0.0 opens it to the network [default: 127.0.0.1]',
  },
  ...SENDING_PORTS,
}

/**
 * `--bind` and `--connect` of a command that sends.
 *
 * @param use - What is sent there: `a single stream`.
 * @param more - What else may be connected to. Default nothing.
 */
export function sendingEndpoints(use: string, more = ''): OptionSpecs {
  return {
    bind: { type: 'string', value: 'ENDPOINT', describe: `endpoint to listen on, for ${use}` },
    connect: {
      type: 'list',
      value: 'ENDPOINT',
      describe: `endpoint of a subscriber that listens, for ${use}${more}; may be repeated`,
    },
  }
}

/**
 * `--delivery` of a command that sends.
 *
 * @param usual - What happens without the option, as in `default with --interval 0`.
 * @param lost - What is lost all the same. Default `nothing`.
 */
export function losslessOption(usual: string, lost = 'nothing'): ValueSpec {
  return {
    type: 'string',
    value: 'POLICY',
    choices: ['all'],
    describe: `all: lose ${lost}, and wait for the slowest subscriber [${usual}]`,
  }
}

/**
 * `--wait-for` of a command that sends.
 *
 * @param when - Whose subscribers are counted: `each stream has this many subscribers`.
 * @param usual - The number that is waited for without the option.
 */
export function waitForOption(when: string, usual: string): ValueSpec {
  return { type: 'string', value: 'N', describe: `begin once ${when} [default: ${usual}]` }
}

/** Reads {@link waitForOption}. @throws {@link OptionError} when it is out of range. */
export function readWaitFor(args: Arguments): number | undefined {
  return args.integer('wait-for', { least: 0, most: 10_000 })
}

/**
 * The endpoint of a kind of stream on a host and a port of its own.
 *
 * @param usual - The one that is used without a port.
 * @param port - 0 for any free one.
 */
export function endpointAt(usual: string, host = '127.0.0.1', port?: number): string {
  const shown = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  return `tcp://${shown}:${port === 0 ? '*' : (port ?? usual.split(':').at(-1))}`
}
