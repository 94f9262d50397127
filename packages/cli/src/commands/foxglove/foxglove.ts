import type { Command } from '../../command.ts'
import { connectionGroup, connectOption, topicOption } from '../../options/sockets/connection-options.ts'
import { SUBSCRIBER_KEY_OPTIONS } from '../../options/keys/curve-options.ts'
import { FOR_OPTION } from '../../options/ending-options.ts'
import { FORMAT_GROUP } from '../../options/sockets/format-option.ts'
import { FOXGLOVE_PORT } from '../../options/pages/page-ports.ts'
import { portOption } from '../../options/sockets/port-option.ts'
import { WEB_OPTIONS } from '../../options/pages/web-options.ts'

/** `zcast foxglove`: live topics for Foxglove, Lichtblick and PlotJuggler. */
export const foxglove: Command = {
  usage: 'foxglove',
  positionals: {},
  groups: [
    {
      subject: 'Server',
      options: {
        port: portOption('the server, 0 for any free one', FOXGLOVE_PORT),
        ...WEB_OPTIONS,
        host: {
          type: 'string',
          value: 'ADDRESS',
          describe: 'address that it listens on; 0.0.0.0 opens it to the network [default: 127.0.0.1]',
        },
        'token-file': {
          type: 'string',
          value: 'FILE',
          describe: 'file with the token that programs add to the address as ?token=...; or set ZCAST_TOKEN',
        },
        'no-token': { type: 'boolean', describe: 'let in everybody who can reach it' },
        'allow-origin': {
          type: 'list',
          value: 'URL',
          describe:
            'web app that may connect, such as https://app.foxglove.dev, or file:// for desktop programs; may be repeated',
        },
      },
    },
    connectionGroup({
      connect: connectOption('numbers, video and audio of zcast on this machine'),
      topic: topicOption('serve', 'numbers/, video/ and audio/'),
    }),
    FORMAT_GROUP,
    { subject: 'Encryption', options: SUBSCRIBER_KEY_OPTIONS },
    { subject: 'Ending', options: { for: FOR_OPTION } },
  ],
  examples: [
    ['zcast foxglove', 'open ws://localhost:8765 in Foxglove, Lichtblick or PlotJuggler'],
    ['zcast foxglove --allow-origin https://app.foxglove.dev', 'for the web app of Foxglove'],
    ['zcast foxglove --connect tcp://10.0.0.7:5555 --format json', "another program's values"],
  ],
  plan: async (args) => (await import('./plan-foxglove.ts')).planFoxglove(args),
}
