import type { Command } from '../../command.ts'
import { ENDING_GROUP } from '../../options/ending-options.ts'
import { SINCE_OPTIONS } from '../../options/sockets/nats-options.ts'
import type { OptionGroup } from '../../options/option-spec.ts'
import { FORMAT_GROUP } from '../../options/sockets/format-option.ts'
import { subscriberGroups } from '../../options/sockets/subscriber-options.ts'

const OUTPUT_GROUP: OptionGroup = {
  subject: 'Output',
  options: {
    select: {
      type: 'string',
      value: 'NAMES',
      describe: 'columns to print, by their names, as in temp,hum [default: those of the client]',
    },
    csv: {
      type: 'boolean',
      describe:
        'print one line of names and then CSV, every number exactly, which "publish numbers" reads back',
    },
  },
}

/** `zcast client`: prints numbers. */
export const client: Command = {
  usage: 'client [which] [files..]',
  positionals: {
    which: {
      describe: 'positions of each array to print: 1 or even, 2 or odd, 3 or all',
      words: ['1', '2', '3', 'even', 'odd', 'all'],
    },
    files: {
      describe: 'recordings (.mcap), or folders of them, to print in place of what is live',
      files: true,
    },
  },
  groups: [
    OUTPUT_GROUP,
    { subject: 'The past', options: SINCE_OPTIONS },
    ...subscriberGroups('numbers'),
    FORMAT_GROUP,
    ENDING_GROUP,
  ],
  examples: [
    ['zcast client 1', 'positions 0, 2, 4 of each array'],
    ['zcast client 3 --json --messages 10', 'ten arrays for a program'],
    ['zcast client --select temp,hum', 'the columns of these names'],
    ['zcast client 3 --csv > log.csv', 'a table that "zcast publish numbers log.csv" plays again'],
    ['zcast client 3 --format json --connect tcp://192.168.1.20:5556', 'what a program sends as JSON'],
    ['zcast client 3 --connect nats://10.0.0.7 --since 10m', 'from a NATS server, and what it has kept'],
    ['zcast client 3 flight.mcap --csv > log.csv', 'all numbers of a recording'],
    ['zcast client all --connect tcp://192.168.1.20:5556', 'from another machine'],
  ],
  plan: async (args) => (await import('./plan-client.ts')).planClient(args),
}
