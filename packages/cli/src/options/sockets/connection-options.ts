import type { OptionGroup, OptionSpecs, ValueSpec } from '../option-spec.ts'
import { SOCKET_OPTIONS } from './socket-options.ts'

const EXAMPLE = 'such as tcp://192.168.1.20:5556'

/**
 * `--connect` of a command that receives.
 *
 * @param usual - Whom it connects to without the option, for help.
 * @param whose - Who publishes there.
 */
export function connectOption(usual: string, whose = 'a publisher'): ValueSpec {
  return {
    type: 'list',
    value: 'ENDPOINT',
    describe: `endpoint of ${whose}, ${EXAMPLE}; may be repeated [default: ${usual}]`,
  }
}

/** `--bind` of a command that receives. */
export const LISTEN_OPTION: ValueSpec = {
  type: 'string',
  value: 'ENDPOINT',
  describe: 'listen on this endpoint instead, for publishers that connect to it',
}

/**
 * `--topic` of a command that receives.
 *
 * @param purpose - What the topics are named for: `receive`.
 * @param usual - Those that are meant without the option, for help.
 */
export function topicOption(purpose: string, usual: string): ValueSpec {
  return {
    type: 'list',
    value: 'TOPIC',
    describe: `KIND/STREAM to ${purpose}, or KIND/ for every stream of a kind; may be repeated [default: ${usual}]`,
  }
}

/**
 * `--max-memory` of a command that loses nothing.
 *
 * @param what - What it holds, for help.
 */
export function maxMemoryOption(what: string): ValueSpec {
  return {
    type: 'string',
    value: 'SIZE',
    describe: `memory for ${what}, 1M or more; the command fails when it is full [default: 256M]`,
  }
}

/** The group of options that say where streams come from, with those of every socket. */
export function connectionGroup(options: OptionSpecs): OptionGroup {
  return { subject: 'Connection', options: { ...options, ...SOCKET_OPTIONS } }
}
