import type { Command } from '../../command.ts'
import { topicOption } from '../../options/sockets/connection-options.ts'
import { SUBSCRIBER_KEY_OPTIONS } from '../../options/keys/curve-options.ts'
import { FOR_OPTION } from '../../options/ending-options.ts'
import { FORMAT_OPTION } from '../../options/sockets/format-option.ts'
import type { ValueSpec } from '../../options/option-spec.ts'
import { PAGE_PORT } from '../../options/pages/page-ports.ts'
import { portOption } from '../../options/sockets/port-option.ts'
import { SINCE_OPTIONS } from '../../options/sockets/nats-options.ts'
import { SOCKET_OPTIONS } from '../../options/sockets/socket-options.ts'
import { SYNC_OPTION } from '../../options/pages/sync-option.ts'
import { HISTORY_OPTIONS } from '../../history/history-options.ts'
import { WEB_OPTIONS } from '../../options/pages/web-options.ts'

/** `zcast dashboard`: one page for everything. */
export const dashboard: Command = {
  usage: 'dashboard [file]',
  positionals: {
    file: { describe: 'a recording (MCAP) to look at, in place of what comes now', files: true },
  },
  groups: [
    {
      subject: 'Web page',
      options: {
        port: portOption('the page, 0 for any free one', PAGE_PORT),
        ...WEB_OPTIONS,
        sync: SYNC_OPTION,
        linger: {
          type: 'string',
          value: 'TIME',
          describe:
            'how long to keep receiving video after the last reader of the page has left, and sound after the last listener [default: 10s]',
        },
      },
    },
    {
      subject: 'Connection',
      options: {
        numbers: endpointsOption('numbers', 'tcp://127.0.0.1:5556'),
        video: endpointsOption('video', 'tcp://127.0.0.1:5557'),
        audio: endpointsOption('sound', 'tcp://127.0.0.1:5558'),
        topic: topicOption('receive', 'numbers/, video/ and audio/'),
        ...SINCE_OPTIONS,
        ...SOCKET_OPTIONS,
        format: {
          ...FORMAT_OPTION,
          type: 'list',
          describe:
            'messages of other programs, for the kinds that this format carries; may be repeated, once for each kind [default: zcast]',
        },
      },
    },
    { subject: 'Looking back', options: HISTORY_OPTIONS },
    { subject: 'Encryption', options: SUBSCRIBER_KEY_OPTIONS },
    { subject: 'Ending', options: { for: FOR_OPTION } },
  ],
  examples: [
    ['zcast dashboard', 'numbers, video and the error log in one page'],
    ['zcast dashboard --topic numbers/imu --topic video/cam', 'only these streams'],
    [
      'zcast dashboard --numbers tcp://192.168.1.20:5556 --video tcp://192.168.1.20:5557',
      'from another machine',
    ],
    ['zcast dashboard --history 10m', 'the last ten minutes can be looked at again, and saved'],
    ['zcast dashboard flight.mcap', 'a recording, with a timeline'],
  ],
  plan: async (args) => (await import('./plan-dashboard.ts')).planDashboard(args),
}

/** The endpoints of one kind of streams. */
function endpointsOption(what: string, usual: string): ValueSpec {
  return {
    type: 'list',
    value: 'ENDPOINT',
    describe: `endpoint of ${what}; may be repeated [default: ${usual}]`,
  }
}
