import {
  connectionGroup,
  connectOption,
  LISTEN_OPTION,
  maxMemoryOption,
  topicOption,
} from './connection-options.ts'
import { SUBSCRIBER_KEY_OPTIONS } from './curve-options.ts'
import { FORMAT_GROUP } from './format-option.ts'
import type { OptionGroup } from './option-spec.ts'

/** Options of every command that receives the streams of `topic`. */
export const SUBSCRIBER_GROUPS: readonly OptionGroup[] = [
  connectionGroup({
    connect: connectOption('on this machine'),
    bind: LISTEN_OPTION,
    topic: topicOption('receive', 'numbers/random, video/main, audio/main; video/ or audio/ with --bind'),
  }),
  {
    subject: 'Delivery',
    options: {
      delivery: {
        type: 'string',
        value: 'POLICY',
        describe:
          'what to keep when values arrive faster than they are used: latest, queue:N or all [default: all numbers, latest pictures, queue:50 of sound]',
      },
      'max-memory': maxMemoryOption('--delivery all may use'),
    },
  },
  { subject: 'Encryption', options: SUBSCRIBER_KEY_OPTIONS },
]

/** The same of a command that receives what other programs send, too. */
export const FORMAT_SUBSCRIBER_GROUPS: readonly OptionGroup[] = [...SUBSCRIBER_GROUPS, FORMAT_GROUP]
