import type { Command } from '../../command.ts'
import { connectionGroup, connectOption } from '../../options/sockets/connection-options.ts'
import { SUBSCRIBER_KEY_OPTIONS } from '../../options/keys/curve-options.ts'
import { LISTING_GROUP } from '../../options/listing-options.ts'

/** `zcast doctor`: says what is wrong, and what to do. */
export const doctor: Command = {
  usage: 'doctor',
  positionals: {},
  groups: [
    connectionGroup({
      connect: connectOption('those of zcast on this machine', 'any ZeroMQ publisher'),
      topic: {
        type: 'list',
        value: 'TOPIC',
        describe: 'topic that should come, or KIND/; may be repeated [default: every one]',
      },
      page: {
        type: 'list',
        value: 'URL',
        describe:
          'page of a viewer that may be too slow, such as http://192.168.1.21:8081; may be repeated [default: those of viewers on this machine]',
      },
    }),
    { subject: 'Encryption', options: SUBSCRIBER_KEY_OPTIONS },
    {
      ...LISTING_GROUP,
      options: {
        quiet: { type: 'boolean', alias: 'q', describe: 'print only what is wrong, without progress' },
      },
    },
  ],
  examples: [
    ['zcast doctor', 'what is wrong on this machine'],
    [
      'zcast doctor --connect tcp://10.0.0.7:5557 --topic video/main',
      'why the pictures do not come, or come late',
    ],
    ['zcast doctor --json', 'for a program: a finding a line; the status is 1 when something is wrong'],
  ],
  plan: async (args) => (await import('./plan-doctor.ts')).planDoctor(args),
}
