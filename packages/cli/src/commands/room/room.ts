import type { Command } from '../../command.ts'
import { PUBLISHER_KEY_OPTIONS } from '../../options/keys/curve-options.ts'
import { FOR_OPTION } from '../../options/ending-options.ts'
import { ROOM_PORT } from '../../options/pages/page-ports.ts'
import { portOption } from '../../options/sockets/port-option.ts'
import { SOCKET_OPTIONS } from '../../options/sockets/socket-options.ts'
import { CACHE_OPTION } from '../../options/sources/video-options.ts'
import { WEB_OPTIONS } from '../../options/pages/web-options.ts'

/** `zcast room`: people together. */
export const room: Command = {
  usage: 'room',
  positionals: {},
  groups: [
    {
      subject: 'Room',
      options: {
        name: {
          type: 'string',
          value: 'NAME',
          describe: 'name of the room and of its streams: video/NAME, chat/NAME [default: main]',
        },
        folder: {
          type: 'string',
          value: 'FOLDER',
          describe: 'folder of films to watch together [default: videos, where there is one]',
        },
        data: {
          type: 'string',
          value: 'FOLDER',
          describe: "folder of the room's own files, such as its chat [default: room]",
        },
        source: {
          type: 'list',
          value: 'SOURCE',
          describe:
            'live stream that can be put on air, as [NAME=]ENDPOINT[,ENDPOINT][/STREAM]; may be repeated',
        },
        'max-width': {
          type: 'string',
          value: 'PIXELS',
          describe: 'width above which films are made smaller, 16 to 8192 [default: 1920]',
        },
        cache: CACHE_OPTION,
        'hosts-only': { type: 'boolean', describe: 'let only hosts decide what is on air' },
        'max-upload': { type: 'string', value: 'SIZE', describe: 'largest upload, 1M to 1T [default: 2G]' },
        'max-folder': {
          type: 'string',
          value: 'SIZE',
          describe: 'the most that all uploads together may take, 1M to 100T [default: 20G]',
        },
      },
    },
    {
      subject: 'Voices',
      options: {
        'echo-delay': {
          type: 'string',
          value: 'TIME',
          describe: 'how long after it was sent everybody hears a recording, 0s to 10m [default: 10s]',
        },
        'echo-port': {
          type: 'string',
          value: 'N',
          describe: 'TCP port for the old voice echo programs (JSON that ends with NUL) [default: none]',
        },
        'echo-rate': {
          type: 'string',
          value: 'N',
          describe: 'samples a second of those programs [default: 44100]',
        },
        'echo-channels': { type: 'string', value: 'N', describe: 'channels of those programs [default: 2]' },
        'echo-chunk': {
          type: 'string',
          value: 'N',
          describe: 'samples in a chunk of theirs [default: 1024]',
        },
      },
    },
    {
      subject: 'Web page',
      options: {
        port: portOption('the page, 0 for any free one', ROOM_PORT),
        ...WEB_OPTIONS,
        'host-token-file': {
          type: 'string',
          value: 'FILE',
          describe:
            'file with the token of hosts; or set ZCAST_HOST_TOKEN [default: beyond this machine, one is made and kept in --data]',
        },
      },
    },
    {
      subject: 'Connection',
      options: {
        bind: {
          type: 'list',
          value: 'ENDPOINT',
          describe: 'endpoint of the topics; may be repeated [default: tcp://127.0.0.1:5560]',
        },
        ...SOCKET_OPTIONS,
      },
    },
    { subject: 'Encryption', options: PUBLISHER_KEY_OPTIONS },
    { subject: 'Ending', options: { for: FOR_OPTION } },
  ],
  examples: [
    ['zcast room', 'a room on this machine, at http://127.0.0.1:8090'],
    ['zcast room --folder ~/Videos --hosts-only', 'films to watch together, chosen by hosts'],
    ['zcast room --source garden=tcp://10.0.0.7:5557', 'a camera of another machine can be put on air'],
    ['zcast room --host 0.0.0.0 --https', 'for phones and other machines, with an invitation to send on'],
    ['zcast chat --name ann', 'take part from a terminal'],
    ['zcast viewer 1 --connect tcp://127.0.0.1:5560 --show terminal', "the room's picture in a terminal"],
  ],
  plan: async (args) => (await import('./plan-room.ts')).planRoom(args),
}
