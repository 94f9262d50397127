import {
  connectionGroup,
  connectOption,
  LISTEN_OPTION,
  maxMemoryOption,
  topicOption,
} from './connection-options.ts'
import { SUBSCRIBER_KEY_OPTIONS } from '../keys/curve-options.ts'
import type { OptionGroup } from '../option-spec.ts'

/** What a command that receives does without options, for help. */
interface Usual {
  readonly endpoint: string
  readonly topic: string
  readonly delivery: string
}

const USUAL: Readonly<Record<'numbers' | 'video' | 'audio', Usual>> = {
  numbers: { endpoint: 'tcp://127.0.0.1:5556', topic: 'numbers/random', delivery: 'all' },
  video: {
    endpoint: 'tcp://127.0.0.1:5557',
    topic: 'video/main; video/ with --bind',
    delivery: 'latest; all with --save and --record',
  },
  audio: {
    endpoint: 'tcp://127.0.0.1:5558',
    topic: 'audio/main; audio/ with --bind',
    delivery: 'queue:50, a second; all with --save',
  },
}

/** Options of every command that receives the streams of one kind that `topic` names. */
export function subscriberGroups(kind: keyof typeof USUAL): readonly OptionGroup[] {
  const { endpoint, topic, delivery } = USUAL[kind]
  return [
    connectionGroup({
      connect: connectOption(endpoint),
      bind: LISTEN_OPTION,
      topic: topicOption('receive', topic),
    }),
    {
      subject: 'Delivery',
      options: {
        delivery: {
          type: 'string',
          value: 'POLICY',
          describe: `what to keep when values arrive faster than they are used: latest, queue:N or all [default: ${delivery}]`,
        },
        'max-memory': maxMemoryOption('values that wait, with --delivery all'),
      },
    },
    { subject: 'Encryption', options: SUBSCRIBER_KEY_OPTIONS },
  ]
}
