import type { Command } from '../../command.ts'
import { PAGE_PORT } from '../../options/pages/page-ports.ts'
import { portOption } from '../../options/sockets/port-option.ts'
import { SENDING_PORTS } from '../../options/sockets/sending-options.ts'

/** `zcast demo`: everything at once. */
export const demo: Command = {
  usage: 'demo',
  positionals: {},
  groups: [
    {
      subject: 'Demo',
      options: {
        video: { type: 'string', value: 'FILE', describe: 'clip to send instead of the test pattern' },
        ...SENDING_PORTS,
        'room-port': portOption("the room's topics", 5560),
        port: portOption(
          'the dashboard; the page of viewer N is on this port + N, that of the room on this port + 10',
          PAGE_PORT,
        ),
        for: {
          type: 'string',
          value: 'TIME',
          describe: 'stop after this long, counted from when everything is running: 10s, 2m',
        },
      },
    },
  ],
  examples: [
    ['zcast demo', 'until Ctrl-C'],
    ['zcast demo --video clip.mp4 --for 30s', 'a clip of your own, for half a minute'],
  ],
  plan: async (args) => (await import('./plan-demo.ts')).planDemo(args),
}
