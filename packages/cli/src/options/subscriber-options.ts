import { SUBSCRIBER_KEY_OPTIONS } from './curve-options.ts'
import { FORMAT_GROUP } from './format-option.ts'
import type { OptionGroup } from './option-spec.ts'
import { SOCKET_OPTIONS } from './socket-options.ts'

/** Options of every command that receives the streams of `topic`. */
export const SUBSCRIBER_GROUPS: readonly OptionGroup[] = [
  {
    subject: 'Connection',
    options: {
      connect: {
        type: 'list',
        value: 'ENDPOINT',
        describe:
          'endpoint of a publisher, such as tcp://192.168.1.20:5556; may be repeated [default: on this machine]',
      },
      bind: {
        type: 'string',
        value: 'ENDPOINT',
        describe: 'listen on this endpoint instead, for publishers that connect to it',
      },
      topic: {
        type: 'list',
        value: 'TOPIC',
        describe:
          'KIND/STREAM to receive, or KIND/ for every stream of a kind; may be repeated [default: numbers/random, video/main, audio/main; video/ or audio/ with --bind]',
      },
      ...SOCKET_OPTIONS,
    },
  },
  {
    subject: 'Delivery',
    options: {
      delivery: {
        type: 'string',
        value: 'POLICY',
        describe:
          'what to keep when values arrive faster than they are used: latest, queue:N or all [default: all numbers, latest pictures, queue:50 of sound]',
      },
      'max-memory': {
        type: 'string',
        value: 'SIZE',
        describe: 'memory that --delivery all may use before the command fails, 1M or more [default: 256M]',
      },
    },
  },
  { subject: 'Encryption', options: SUBSCRIBER_KEY_OPTIONS },
]

/** The same of a command that receives what other programs send, too. */
export const FORMAT_SUBSCRIBER_GROUPS: readonly OptionGroup[] = [...SUBSCRIBER_GROUPS, FORMAT_GROUP]
