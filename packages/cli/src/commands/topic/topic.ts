import type { Command } from '../../command.ts'
import { connectionGroup, connectOption, LISTEN_OPTION } from '../../options/sockets/connection-options.ts'
import { SUBSCRIBER_KEY_OPTIONS } from '../../options/keys/curve-options.ts'
import { FOR_OPTION } from '../../options/ending-options.ts'
import { FORMAT_GROUP } from '../../options/sockets/format-option.ts'
import type { OptionGroup } from '../../options/option-spec.ts'

/** What can be asked of topics, in the order of help. */
export const VERBS: readonly string[] = ['list', 'info', 'echo', 'hz', 'bw', 'delay', 'top']

const CONNECTION_GROUP = connectionGroup({
  connect: connectOption('those of zcast on this machine', 'any ZeroMQ publisher'),
  bind: LISTEN_OPTION,
})

const OUTPUT_GROUP: OptionGroup = {
  subject: 'Output',
  options: {
    csv: {
      type: 'boolean',
      describe: 'with list, hz, bw, delay and top, print one line of names and then CSV',
    },
    window: {
      type: 'string',
      value: 'TIME',
      describe: 'with hz, bw, delay and top, the time that figures are of, 1s to 10m [default: 10s]',
    },
    sort: {
      type: 'string',
      value: 'COLUMN',
      choices: ['bandwidth', 'rate', 'lost', 'topic'],
      describe: 'with top, what comes first [default: bandwidth]',
    },
  },
}

const ECHO_GROUP: OptionGroup = {
  subject: 'What echo prints',
  options: {
    once: { type: 'boolean', describe: 'one message, as --count 1' },
    count: { type: 'string', value: 'N', describe: 'stop after this many lines' },
    filter: {
      type: 'string',
      value: 'CONDITION',
      describe: "only values that meet it: 'temp > 30', 'value[2] <= 5 and not (state == \"on\")'",
    },
    field: {
      type: 'list',
      value: 'NAME',
      describe:
        'only this: a column, value[2], a key of JSON such as gps.lat, or seq, time, bytes; may be repeated',
    },
    show: { type: 'boolean', describe: 'show pictures of zcast in the terminal' },
  },
}

/** `zcast topic`: looks at the topics of any publisher. */
export const topic: Command = {
  usage: 'topic [verb] [topics..]',
  positionals: {
    verb: {
      describe:
        'list (what there is), info (all about it), echo (messages), hz (rate and jitter), bw (bytes a second), delay (capture to here), top (all at once)',
      words: VERBS,
    },
    topics: {
      describe:
        'topics, or KIND/ for every stream of a kind [default: every one]; recordings (.mcap) to look at in place of what is live',
      files: true,
    },
  },
  groups: [
    CONNECTION_GROUP,
    OUTPUT_GROUP,
    ECHO_GROUP,
    FORMAT_GROUP,
    { subject: 'Encryption', options: SUBSCRIBER_KEY_OPTIONS },
    {
      subject: 'Ending',
      options: {
        for: {
          ...FOR_OPTION,
          describe: `${FOR_OPTION.describe} [default: list and info 3s, others until they are stopped]`,
        },
      },
    },
  ],
  examples: [
    ['zcast topic list', 'what zcast publishes on this machine'],
    ['zcast topic list --connect tcp://10.0.0.7:5555', 'what any other ZeroMQ publisher sends'],
    ['zcast topic hz video/main', 'pictures a second, and how evenly they come'],
    ["zcast topic echo numbers/imu --filter 'az > 9.9'", 'only the values that matter'],
    ['zcast topic delay --json --for 10s', 'for a program'],
    ['zcast topic hz flight.mcap', 'of a recording, by its own times'],
  ],
  plan: async (args) => (await import('./plan-topic.ts')).planTopic(args),
}
