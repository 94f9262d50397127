import type { Command } from '../../command.ts'
import {
  connectionGroup,
  connectOption,
  LISTEN_OPTION,
  maxMemoryOption,
  topicOption,
} from '../../options/sockets/connection-options.ts'
import { SUBSCRIBER_KEY_OPTIONS } from '../../options/keys/curve-options.ts'
import { ENDING_GROUP } from '../../options/ending-options.ts'
import { FORMAT_GROUP } from '../../options/sockets/format-option.ts'

/** `zcast record`: everything that comes, to a file. */
export const record: Command = {
  usage: 'record [file]',
  positionals: {
    file: {
      describe: 'the .mcap file, which must not exist yet [default: in this folder, named after the time]',
      files: true,
    },
  },
  groups: [
    connectionGroup({
      connect: connectOption('those of numbers, video, audio and a room on this machine'),
      bind: LISTEN_OPTION,
      topic: topicOption('record', 'everything'),
      'max-memory': maxMemoryOption('values that wait for the disk'),
    }),
    {
      subject: 'Files',
      options: {
        split: {
          type: 'string',
          value: 'SIZE|TIME',
          describe: 'go on in another file (name-0001.mcap, ...) at this size (1G) or after this long (10m)',
        },
        keep: {
          type: 'string',
          value: 'SIZE|TIME',
          describe: 'remove the oldest files of this recording when there is more than this: 20G, 24h',
        },
      },
    },
    {
      subject: 'What came before',
      options: {
        pre: {
          type: 'string',
          value: 'TIME',
          describe:
            'write nothing until a trigger: the key k, SIGUSR1 or --when; the file then begins this long before it',
        },
        when: {
          type: 'string',
          value: 'CONDITION',
          describe:
            "with --pre, the trigger: this becomes true, as in 'numbers/imu.az > 20', or numbers/imu[2] without names",
        },
        post: {
          type: 'string',
          value: 'TIME',
          describe: 'with --pre, end each file this long after the last trigger [default: at the next one]',
        },
      },
    },
    { subject: 'Encryption', options: SUBSCRIBER_KEY_OPTIONS },
    FORMAT_GROUP,
    ENDING_GROUP,
  ],
  examples: [
    ['zcast record', 'everything on this machine, until Ctrl-C'],
    ['zcast record flight.mcap --for 10m', 'ten minutes'],
    ['zcast record imu.mcap --topic numbers/imu --topic video/', 'one stream of numbers, all pictures'],
    ['zcast record --split 1G --keep 20G', 'for days: the newest 20 GB'],
    [
      "zcast record fall.mcap --pre 30s --post 10s --when 'numbers/imu.az > 20'",
      'what came around each fall',
    ],
    ['zcast record far.mcap --connect tcp://192.168.1.20:5556', 'from another machine'],
  ],
  plan: async (args) => (await import('./plan-record.ts')).planRecord(args),
}
