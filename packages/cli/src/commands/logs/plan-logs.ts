import { followLog, parseLogLine, readLastLines, type LogFilter } from '@zcast/log'
import { LineWriter } from '@zcast/subscribers'
import type { Arguments } from '../../options/reading/arguments.ts'
import type { CommandContext } from '../../command-context.ts'
import { parseMoment } from '../../options/reading/parse-moment.ts'
import type { Plan } from '../../command.ts'

/** Reads and checks the options of `zcast logs`. @throws {@link OptionError} when one is wrong. */
export function planLogs(args: Arguments): Plan {
  const lines = args.integer('lines', { least: 0, most: 1_000_000 }) ?? 20
  const follow = args.flag('follow') ?? false
  const filter = planFilter(args)
  const directory = args.text('log-dir') ?? 'logs'
  return { role: undefined, run: (context) => print(context, directory, { lines, follow, filter }) }
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
    // A slow reader delays the reading and does not use more memory.
    await writer.write(`${context.json ? JSON.stringify(parseLogLine(line) ?? { message: line }) : line}\n`)
    if (signal.aborted) break
  }
  await writer.flush()
}

function planFilter(args: Arguments): LogFilter {
  const level = args.text('level')
  const since = args.text('since')
  return {
    level: level === 'error' || level === 'warning' ? level : undefined,
    role: args.text('role'),
    since: since === undefined ? undefined : parseMoment(since, 'since'),
  }
}
