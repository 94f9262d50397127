import type { Command } from '../../command.ts'
import { FOR_OPTION } from '../../options/ending-options.ts'
import { ROOM_PORT } from '../../options/pages/page-ports.ts'

/** `zcast chat`: a member of a room, in a terminal. */
export const chat: Command = {
  usage: 'chat',
  positionals: {},
  groups: [
    {
      subject: 'Chat',
      options: {
        name: { type: 'string', value: 'NAME', describe: 'your name [default: that of your account here]' },
        history: {
          type: 'string',
          value: 'N',
          describe:
            'without a terminal, how many of the lines before to print, 0 to 200 [default: 0]; a terminal shows them all',
        },
        follow: {
          type: 'boolean',
          alias: 'f',
          describe: 'go on listening when standard input has ended and all of it was said',
        },
      },
    },
    {
      subject: 'Connection',
      options: {
        connect: {
          type: 'string',
          value: 'ADDRESS',
          describe: `address of the room's page, or a link of an invitation [default: http://127.0.0.1:${ROOM_PORT}]`,
        },
        'token-file': {
          type: 'string',
          value: 'FILE',
          describe: 'file with the token of an invitation, or of hosts; or set ZCAST_TOKEN',
        },
        'trust-cert': {
          type: 'list',
          value: 'CERTIFICATE',
          describe:
            'certificate of an https room to accept although its issuer is unknown: a PEM file, or sha256:FINGERPRINT as the room prints it',
        },
        'key-file': {
          type: 'string',
          value: 'FILE',
          describe:
            'file that keeps who you are, so that the room knows you again the next time; made when missing',
        },
      },
    },
    {
      subject: 'Ending',
      options: {
        for: FOR_OPTION,
        messages: { type: 'string', value: 'N', describe: 'stop after this many lines of the chat' },
      },
    },
  ],
  examples: [
    ['zcast chat', 'talk in the room on this machine'],
    ['zcast chat --name ann --connect http://192.168.1.5:8090 --token-file guest.token', 'in one elsewhere'],
    ['echo "build done" | zcast chat --name ci', 'say one line'],
    ['zcast chat --json --follow < /dev/null | jq .text', 'for a program'],
  ],
  plan: async (args) => (await import('./plan-chat.ts')).planChat(args),
}
