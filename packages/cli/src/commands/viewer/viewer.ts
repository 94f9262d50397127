import { formatTopic, heightOfRendition, OptionError, parseTopic, SinkError } from '@zcast/shared'
import { SnapshotSink } from '@zcast/subscribers'
import type { CommandContext } from '../../command-context.ts'
import type { Command } from '../../command.ts'
import { ENDING_OPTIONS, SUBSCRIBER_OPTIONS } from '../../options/common-options.ts'
import { SUBSCRIBER_KEY_OPTIONS } from '../../options/curve-options.ts'
import { SOCKET_OPTIONS } from '../../options/socket-options.ts'
import { planSubscription, type SubscriptionPlan } from '../../subscription/plan.ts'
import { runSubscription } from '../../subscription/run.ts'
import { openViewerSink } from './viewer-sinks.ts'
import { planPageAccess, WEB_OPTIONS } from '../../options/web-options.ts'

/** The dashboard's port; viewer N is N above it. */
const BASE_PORT = 8080

const MAX_VIEWER = 999

/** A camera that is opened for the first viewer may take some seconds. */
const SNAPSHOT_TIMEOUT_MS = 10_000

/** `zcast viewer`: shows video. */
export const viewer: Command = {
  usage: 'viewer [number]',
  positionals: {
    number: `1 to ${MAX_VIEWER}: it is titled "Client N", its page is on port ${BASE_PORT} + N`,
  },
  options: {
    show: {
      type: 'string',
      choices: ['web', 'terminal', 'window', 'none'],
      describe: 'where the video is shown [default: web]',
    },
    rendition: {
      type: 'string',
      describe:
        'another size of the video, such as 360p; auto is the largest of which 15 pictures a second come [default: as it is]',
    },
    port: { type: 'string', describe: `port of the page, 0 for any free one [default: ${BASE_PORT} + N]` },
    ...WEB_OPTIONS,
    linger: {
      type: 'string',
      describe:
        'the page stops receiving this long after its last reader has gone, but not with --save, --record or --messages [default: 10s]',
    },
    save: { type: 'string', describe: 'save each picture in this folder, named by its number and time' },
    record: { type: 'string', describe: 'record to this .mp4 or .mkv file, which must not exist yet' },
    snapshot: { type: 'string', describe: 'save one picture to this file and end' },
    timeout: { type: 'string', describe: 'how long --snapshot waits for a picture [default: 10s]' },
    ...SUBSCRIBER_OPTIONS,
    ...SOCKET_OPTIONS,
    ...SUBSCRIBER_KEY_OPTIONS,
    ...ENDING_OPTIONS,
  },
  examples: [
    ['zcast viewer 1', 'the video in a web page'],
    ['zcast viewer 1 --show terminal', 'in this terminal'],
    ['zcast viewer 2 --show none --json --for 10s', 'counts and latencies for a program'],
    ['zcast viewer 1 --record clip.mp4', 'watch and record'],
    ['zcast viewer 1 --rendition auto', 'the largest size that the network carries'],
    ['zcast viewer 1 --bind tcp://0.0.0.0:5557', 'all publishers that connect, side by side'],
    ['zcast viewer 1 --snapshot now.jpg', 'one picture'],
  ],
  async plan(args) {
    const named = args.text('number')
    if (named === undefined || Number.isNaN(Number(named))) {
      const got = named === undefined ? '' : `, got "${named}"`
      throw new OptionError(`name a viewer by its number, such as "viewer 1"${got}`)
    }
    const number = args.integer('number', { least: 1, most: MAX_VIEWER }) as number
    const role = `viewer ${number}`
    const isKept = args.text('save') !== undefined || args.text('record') !== undefined
    const plan = planRendition(
      await planSubscription(args, { kind: 'video', delivery: isKept ? 'all' : 'latest' }),
      args.text('rendition'),
    )
    const snapshot = args.text('snapshot')
    const timeoutMs = args.duration('timeout')
    if (timeoutMs !== undefined && snapshot === undefined) {
      throw new OptionError('timeout is for snapshot: use --for to end a viewer after a time')
    }
    if (timeoutMs === 0) throw new OptionError('timeout must be more than 0')
    if (snapshot !== undefined && ['show', 'save', 'record'].some((name) => args.text(name) !== undefined)) {
      throw new OptionError('snapshot saves one picture and ends: leave out show, save and record')
    }
    if (snapshot !== undefined) {
      const wait = timeoutMs ?? SNAPSHOT_TIMEOUT_MS
      return {
        role,
        run: (context) => saveSnapshot(context, snapshot, { ...plan, maxValues: undefined }, wait),
      }
    }
    const show = args.text('show') ?? 'web'
    const access = planPageAccess(args)
    const sink = await openViewerSink({
      title: `Client ${number}`,
      show,
      port: args.integer('port', { least: 0, most: 65_535 }) ?? BASE_PORT + number,
      access,
      lingerMs: args.duration('linger'),
      save: args.text('save'),
      record: args.text('record'),
    })
    return {
      role,
      run: async (context) => {
        if (access.warning !== undefined) context.log.warning(access.warning)
        await runSubscription(show === 'terminal' ? behindPicture(context, role) : context, plan, {
          ...sink.start(context),
          statisticsOnStdout: context.json && show !== 'terminal',
        })
        sink.check()
      },
    }
  },
}

/**
 * Applies the option `rendition` to what is subscribed to.
 *
 * @throws {@link OptionError} when it is no rendition, or there is no one stream to have it of.
 */
function planRendition(plan: SubscriptionPlan, rendition: string | undefined): SubscriptionPlan {
  if (rendition === undefined) return plan
  const topic = parseTopic(plan.topic)
  if (!topic)
    throw new OptionError(
      `rendition is of one stream, and this viewer receives ${plan.topic}: name one with --topic, such as video/main`,
    )
  if (topic.rendition !== undefined)
    throw new OptionError(`the topic ${plan.topic} names a rendition already: leave out one of the two`)
  if (rendition === 'auto') return { ...plan, rendition }
  if (heightOfRendition(rendition) === undefined)
    throw new OptionError(`rendition must be auto, or a height in pixels such as 360p, got "${rendition}"`)
  return { ...plan, topic: formatTopic('video', topic.stream, rendition) }
}

/** What would be printed over the picture in a terminal is printed after it, or not at all. */
function behindPicture(context: CommandContext, role: string): CommandContext {
  const summary = (text: string): void => {
    const notices = context.notices.notices.map(({ level, message }) => `${role}: ${level}: ${message}`)
    context.summary([...notices, text].join('\n'))
  }
  return { ...context, status: () => undefined, summary }
}

async function saveSnapshot(
  context: CommandContext,
  path: string,
  plan: SubscriptionPlan,
  timeoutMs: number,
): Promise<void> {
  const saved = new AbortController()
  const sink = new SnapshotSink(path, () => saved.abort())
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  const signal = AbortSignal.any([context.signal, saved.signal, timeout.signal])
  try {
    await runSubscription({ ...context, signal }, plan, { sink })
  } finally {
    clearTimeout(timer)
  }
  if (sink.saved) return context.status(`saved ${path}`)
  const cause = timeout.signal.aborted
    ? `no new picture came within ${timeoutMs / 1000} s`
    : 'no new picture came'
  const older = sink.olderTime === undefined ? '' : ` (the last one is of ${formatTime(sink.olderTime)})`
  throw new SinkError(
    `${cause}${older}, so ${path} was not written: check that a publisher sends ${plan.topic}, or give more time with --timeout`,
  )
}

/** @param time - Seconds since the Unix epoch, from a message: perhaps outside the calendar. */
function formatTime(time: number): string {
  const date = new Date(time * 1000)
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString()
}
