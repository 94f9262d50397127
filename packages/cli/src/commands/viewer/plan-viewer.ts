import { MAX_VIEWER, PAGE_PORT } from '../../options/pages/page-ports.ts'
import { OptionError, SinkError } from '@zcast/shared'
import { SnapshotSink } from '@zcast/subscribers'
import type { CommandContext } from '../../command-context.ts'
import { nameTopics, planSubscription, type SubscriptionPlan } from '../../subscription/plan.ts'
import { runSubscription } from '../../subscription/run.ts'
import { planHistory } from '../../history/history-options.ts'
import { KEPT_DELIVERY, KeptPast } from '../../history/kept-past.ts'
import { RecordedSound } from './recorded-sound.ts'
import { planRecordedViewer } from './plan-recorded-viewer.ts'
import { planSound } from './plan-sound.ts'
import { runSound } from './run-sound.ts'
import { planRendition } from './plan-rendition.ts'
import { openViewerSink } from './viewer-sinks.ts'
import { planPageAccess } from '../../options/pages/page-access.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { checkNewFile } from '../../options/check-new-file.ts'
import { readNumber } from '../../options/reading/read-number.ts'
import type { Plan } from '../../command.ts'

/** A camera that is opened for the first viewer may take some seconds. */
const SNAPSHOT_TIMEOUT_MS = 10_000

/** Reads and checks the options of `zcast viewer`. @throws {@link OptionError} when one is wrong. */
export async function planViewer(args: Arguments): Promise<Plan> {
  const number = readNumber(args, 'viewer', MAX_VIEWER)
  const files = args.list('files')
  if (files.length > 0) return planRecordedViewer(args, { number, files })
  const role = `viewer ${number}`
  const isKept = args.text('save') !== undefined || args.text('record') !== undefined
  const history = planHistory(args)
  const past = history && new KeptPast(history)
  const delivery = isKept ? 'all' : past ? KEPT_DELIVERY : 'latest'
  const plan = planRendition(
    await planSubscription(args, { kind: 'video', delivery }),
    args.text('rendition'),
  )
  checkNewFile(args.text('record'))
  const snapshot = args.text('snapshot')
  const timeoutMs = args.duration('timeout')
  if (timeoutMs !== undefined && snapshot === undefined) {
    throw new OptionError('timeout applies to snapshot only: use --for to stop a viewer after a time')
  }
  if (timeoutMs === 0) throw new OptionError('timeout must be more than 0')
  if (
    snapshot !== undefined &&
    ['show', 'save', 'record', 'history'].some((name) => args.text(name) !== undefined)
  ) {
    throw new OptionError('snapshot saves one picture and stops: leave out show, save, record and history')
  }
  if (snapshot !== undefined) {
    const wait = timeoutMs ?? SNAPSHOT_TIMEOUT_MS
    return {
      role,
      run: (context) => saveSnapshot(context, snapshot, { ...plan, maxValues: undefined }, wait),
    }
  }
  const show = args.text('show') ?? 'web'
  const isRecorded = args.text('record') !== undefined
  const sound = planSound(args, plan, { isPage: show === 'web', isRecorded })
  const recorded = sound && isRecorded ? new RecordedSound(sound) : undefined
  const access = await planPageAccess(args)
  const sink = await openViewerSink({
    title: `Client ${number}`,
    show,
    port: args.port('port') ?? PAGE_PORT + number,
    access,
    lingerMs: args.duration('linger'),
    syncDelayMs: args.duration('sync'),
    save: args.text('save'),
    record: args.text('record'),
    past: past && { past, sink: (shown, isOpen) => past.sink(shown, isOpen) },
    hasSound: recorded?.isThere,
  })
  return {
    role,
    run: async (context) => {
      if (access.warning !== undefined) context.log.warning(access.warning)
      await past?.open(context.log)
      const ended = new AbortController()
      const signal = AbortSignal.any([context.signal, ended.signal])
      const hearing = sound && sink.sound && runSound(context, sound, sink.sound, signal)
      const narrated = show === 'terminal' ? behindPicture(context, role) : context
      const started = sink.start(context)
      if (sink.recordedSound) await recorded?.start(narrated, sink.recordedSound)
      try {
        await runSubscription(narrated, plan, {
          ...started,
          statisticsOnStdout: context.json && show !== 'terminal',
        })
      } finally {
        ended.abort()
        await recorded?.end()
        await hearing
        await past?.close()
      }
      sink.check()
    },
  }
}

/** Messages that would be printed over the picture in a terminal are printed after it, or not at all. */
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
  if (sink.saved) {
    if (context.json) context.output.write(`${JSON.stringify({ type: 'snapshot', path })}\n`)
    return context.status(`saved ${path}`)
  }
  const cause = timeout.signal.aborted
    ? `no new picture came within ${timeoutMs / 1000} s`
    : 'no new picture came'
  const older = sink.olderTime === undefined ? '' : ` (the last one is of ${formatTime(sink.olderTime)})`
  throw new SinkError(
    `${cause}${older}, so ${path} was not written: check that a publisher sends ${nameTopics(plan)}, or give more time with --timeout`,
  )
}

/** @param time - Seconds since the Unix epoch, from a message: perhaps outside the calendar. */
function formatTime(time: number): string {
  const date = new Date(time * 1000)
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString()
}
