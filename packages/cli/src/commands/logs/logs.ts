import { followLog, readLastLines, type LogFilter } from '@zcast/log'
import { parseDuration } from '@zcast/shared'
import { LineWriter } from '@zcast/subscribers'
import type { Arguments } from '../../options/arguments.ts'
import type { CommandContext } from '../../command-context.ts'
import type { Command } from '../../command.ts'
import { LISTING_GROUP } from '../../options/listing-options.ts'
import { parseTime } from './parse-time.ts'

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
  ],
  plan(args) {
    const lines = args.integer('lines', { least: 0, most: 1_000_000 }) ?? 20
    const follow = args.flag('follow') ?? false
    const filter = planFilter(args)
    const directory = args.text('log-dir') ?? 'logs'
    return { role: undefined, run: (context) => print(context, directory, { lines, follow, filter }) }
  },
}

interface PrintOptions {
  readonly lines: number
  readonly follow: boolean
  readonly filter: LogFilter
}

async function print(
  context: CommandContext,
  directory: string,
  { lines, follow, filter }: PrintOptions,
): Promise<void> {
  context.ready()
  const { signal } = context
  const writer = new LineWriter(context.output)
  const read = follow
    ? followLog(directory, { signal, lines, ...filter })
    : await readLastLines(directory, { lines, ...filter })
  for await (const line of read) {
    // A reader that is slow holds up the reading, not the memory.
    await writer.write(`${line}\n`)
    if (signal.aborted) break
  }
  await writer.flush()
}

function planFilter(args: Arguments): LogFilter {
  const level = args.text('level')
  return {
    level: level === 'error' || level === 'warning' ? level : undefined,
    role: args.text('role'),
    since: parseSince(args.text('since')),
  }
}

function parseSince(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  return parseTime(text, 'since') ?? new Date(Date.now() - parseDuration(text, 'since'))
}
