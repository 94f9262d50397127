import type { Command } from '../../command.ts'
import { connectionGroup, connectOption, topicOption } from '../../options/connection-options.ts'
import { SUBSCRIBER_KEY_OPTIONS } from '../../options/curve-options.ts'
import { ENDING_GROUP } from '../../options/ending-options.ts'

/** `zcast record`: everything that comes, to a file. */
export const record: Command = {
  usage: 'record [file]',
  positionals: {
    file: {
      describe:
        'the .mcap file, which must not exist yet; named after the time if none is given, in this folder',
      files: true,
    },
  },
  groups: [
    connectionGroup({
      connect: connectOption('those of numbers, video, audio and a room on this machine'),
      topic: topicOption('record', 'everything'),
      'max-memory': {
        type: 'string',
        value: 'SIZE',
        describe: 'memory that may wait for the disk before the command fails, 1M or more [default: 256M]',
      },
    }),
    { subject: 'Encryption', options: SUBSCRIBER_KEY_OPTIONS },
    ENDING_GROUP,
  ],
  examples: [
    ['zcast record', 'everything on this machine, until Ctrl-C'],
    ['zcast record flight.mcap --for 10m', 'ten minutes'],
    ['zcast record imu.mcap --topic numbers/imu --topic video/', 'one stream of numbers, all pictures'],
    ['zcast record far.mcap --connect tcp://192.168.1.20:5556', 'from another machine'],
  ],
  plan: async (args) => (await import('./plan-record.ts')).planRecord(args),
}
