import { OptionError, SinkError } from '@zcast/shared'
import { CountingSink, SnapshotSink } from '@zcast/subscribers'
import type { CommandContext } from '../command-context.ts'
import type { Command } from '../command.ts'
import { ENDING_OPTIONS, SUBSCRIBER_OPTIONS } from '../common-options.ts'
import { planSubscription, runSubscription, type SubscriptionPlan } from './subscribe.ts'

/** The dashboard's port; viewer N is N above it. */
const BASE_PORT = 8080

const MAX_VIEWER = 999

/** `zcast viewer`: shows video. */
export const viewer: Command = {
  usage: 'viewer [number]',
  positionals: { number: `1 to ${MAX_VIEWER}: its page is titled "Client N", on port ${BASE_PORT} + N` },
  options: {
    ...SUBSCRIBER_OPTIONS,
    show: { type: 'string', choices: ['web', 'none'], describe: 'where the video is shown [default: web]' },
    port: { type: 'string', describe: `port of the page, 0 for any free one [default: ${BASE_PORT} + N]` },
    snapshot: { type: 'string', describe: 'save one picture to this file and end' },
    ...ENDING_OPTIONS,
  },
  examples: [
    ['zcast viewer 1', 'the video in a web page'],
    ['zcast viewer 2 --show none --json --for 10s', 'counts and latencies for a program'],
    ['zcast viewer 1 --snapshot now.jpg', 'one picture'],
  ],
  async plan(args) {
    const number = args.integer('number', { least: 1, most: MAX_VIEWER })
    if (number === undefined) throw new OptionError('name a viewer by its number, such as "viewer 1"')
    const port = args.integer('port', { least: 0, most: 65_535 }) ?? BASE_PORT + number
    const plan = planSubscription(args, { kind: 'video', delivery: 'latest' })
    const snapshot = args.text('snapshot')
    return {
      role: `viewer ${number}`,
      run: async (context) => {
        if (snapshot !== undefined) return saveSnapshot(context, snapshot, plan)
        const statisticsOnStdout = context.json
        if (args.text('show') === 'none') {
          return runSubscription(context, plan, { sink: new CountingSink(), statisticsOnStdout })
        }
        const { WebSink } = await import('@zcast/subscribers/web')
        const sink = new WebSink({ title: `Client ${number}`, port })
        const onOpen = (): string => {
          announce(context, sink.address)
          return sink.address
        }
        return runSubscription(context, plan, { sink, onOpen, statisticsOnStdout })
      },
    }
  },
}

/** A person sees the page's address first; with `--json`, standard output is for the program that reads it. */
function announce(context: CommandContext, address: string): void {
  if (context.json) context.status(`watch at ${address}`)
  else context.output.write(`watch at ${address}\n`)
}

async function saveSnapshot(context: CommandContext, path: string, plan: SubscriptionPlan): Promise<void> {
  const sink = new SnapshotSink(path)
  await runSubscription(context, { ...plan, maxValues: 1 }, { sink })
  if (sink.saved) context.status(`saved ${path}`)
  else
    throw new SinkError(`no picture came, so ${path} was not written: start a publisher, or give more time`)
}
