import type { Command } from '../../command.ts'
import { PUBLISHER_KEY_OPTIONS } from '../../options/keys/curve-options.ts'
import { FOR_OPTION } from '../../options/ending-options.ts'
import { portOption } from '../../options/sockets/port-option.ts'
import {
  LISTEN_OPTIONS,
  losslessOption,
  sendingEndpoints,
  waitForOption,
} from '../../options/sockets/sending-options.ts'
import { SOCKET_OPTIONS } from '../../options/sockets/socket-options.ts'

/** `zcast play`: a recording, sent again. */
export const play: Command = {
  usage: 'play <source..>',
  positionals: { source: { describe: 'recordings, or a folder of them', files: true } },
  groups: [
    {
      subject: 'Playing',
      options: {
        speed: {
          type: 'string',
          value: 'N',
          describe: 'how many times faster than it was recorded, 0.01 to 1000, or max [default: 1]',
        },
        from: {
          type: 'string',
          value: 'TIME',
          describe: 'where to begin: 90s after its beginning, or at a time such as 2026-08-04T17:00',
        },
        to: { type: 'string', value: 'TIME', describe: 'where to end, in the same way' },
        loop: { type: 'boolean', describe: 'play it again and again' },
        topic: {
          type: 'list',
          value: 'TOPIC',
          describe:
            'KIND/STREAM to play, or KIND/ for every stream of a kind; may be repeated [default: everything]',
        },
        step: {
          type: 'boolean',
          describe: 'start paused; in a terminal, the space key plays the next picture or value',
        },
        'as-recorded': {
          type: 'boolean',
          describe:
            'send epochs, numbers and times as they were, so that what was lost is counted as lost again [default: as if it were live]',
        },
      },
    },
    {
      subject: 'Connection',
      options: {
        ...LISTEN_OPTIONS,
        'audio-port': portOption('the sound', 5558),
        'room-port': portOption('the chat and the voices of a room', 5560),
        ...sendingEndpoints('everything'),
        ...SOCKET_OPTIONS,
      },
    },
    {
      subject: 'Delivery',
      options: {
        delivery: losslessOption('default for numbers, with --speed max and with --as-recorded'),
        'wait-for': waitForOption(
          'this many subscribers are there',
          '0; 1 with --speed max and with --as-recorded',
        ),
      },
    },
    { subject: 'Encryption', options: PUBLISHER_KEY_OPTIONS },
    { subject: 'Ending', options: { for: FOR_OPTION } },
  ],
  examples: [
    ['zcast play flight.mcap', 'at its own pace, on the endpoints of a publisher'],
    [
      'zcast play flight.mcap --from 90s --to 2m --speed 0.25 --loop',
      'half a minute, slowly, again and again',
    ],
    ['zcast play flight.mcap --step --topic video/', 'picture by picture'],
    ['zcast play flight.mcap --as-recorded --speed max', 'value for value, for a program'],
  ],
  plan: async (args) => (await import('./plan-play.ts')).planPlay(args),
}
