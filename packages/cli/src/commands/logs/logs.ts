import type { Command } from '../../command.ts'
import { LISTING_GROUP } from '../../options/listing-options.ts'

/** `zcast logs`: reads the error log. */
export const logs: Command = {
  usage: 'logs',
  positionals: {},
  groups: [
    {
      subject: 'Lines',
      options: {
        follow: { type: 'boolean', alias: 'f', describe: 'go on with new lines as they come' },
        lines: {
          type: 'string',
          alias: 'n',
          value: 'N',
          describe: 'how many of the last lines to print, 0 to 1000000 [default: 20]',
        },
        level: {
          type: 'string',
          value: 'LEVEL',
          choices: ['error', 'warning'],
          describe: 'error for errors only, warning for both [default: warning]',
        },
        role: {
          type: 'string',
          value: 'ROLE',
          describe: 'only lines of one process, such as publisher, client or "client 1"',
        },
        since: {
          type: 'string',
          value: 'TIME',
          describe:
            'only lines of the last 10m, or since 2026-08-04 or 2026-08-04T17:00 in the time zone of this machine, unless it ends in Z or +02:00',
        },
        for: { type: 'string', value: 'TIME', describe: 'with --follow, stop after this long: 10s, 2m' },
      },
    },
    LISTING_GROUP,
  ],
  examples: [
    ['zcast logs --follow', 'what goes wrong, as it goes wrong'],
    ['zcast logs --level error --since 1h', 'errors of the last hour'],
    ['zcast logs --json | jq .message', 'for a program'],
  ],
  plan: async (args) => (await import('./plan-logs.ts')).planLogs(args),
}
