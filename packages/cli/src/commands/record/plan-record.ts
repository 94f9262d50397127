import { extname } from 'node:path'
import { type KeptFileEvent, Recorder, splitPath, TriggerRecorder } from '@zcast/recording'
import { followLog } from '@zcast/log'
import { OptionError } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import type { Sink } from '@zcast/subscribers'
import type { Plan } from '../../command.ts'
import type { CommandContext } from '../../command-context.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { checkNewFile } from '../../options/check-new-file.ts'
import { planEverything, type SubscriptionPlan } from '../../subscription/plan.ts'
import { runSubscription } from '../../subscription/run.ts'
import { RecordProgress } from './record-progress.ts'
import { readRecordLimits, type RecordLimits } from './record-limits.ts'
import { runRaw } from './run-raw.ts'
import { listenForTriggers, WatchingSink } from './triggers.ts'

/** Reads and checks the options of `zcast record`. @throws {@link OptionError} when one is wrong. */
export async function planRecord(args: Arguments): Promise<Plan> {
  const path = args.text('file') ?? nameByTime(new Date())
  if (extname(path).toLowerCase() !== '.mcap')
    throw new OptionError(
      `a recording is an MCAP file: give it a name that ends in .mcap, got "${path}" ("zcast export" makes MP4, CSV and WAV of it)`,
    )
  const limits = readRecordLimits(args)
  const isOne = !limits.split && !limits.keep && !limits.trigger
  checkNewFile(isOne ? path : splitPath(path, 1))
  const plan = await planEverything(args)
  if (isRaw(plan) && limits.trigger?.when)
    throw new OptionError(
      `format ${plan.format?.name} has no values, only parts: it cannot be used with when`,
    )
  const logDirectory = args.text('log-dir') ?? 'logs'
  const recording = { path, plan, logDirectory }
  if (limits.trigger) {
    // What is wrong with the limits is told before anything opens.
    void new TriggerRecorder({ path, ...limits, ...limits.trigger })
    return { role: 'record', run: (context) => keepMoments(context, recording, limits) }
  }
  const recorder = new Recorder({ path, ...limits })
  return {
    role: 'record',
    run: (context) =>
      run(context, recording, {
        recorder,
        status: `recording to ${isOne ? path : splitPath(path, 1)}`,
      }),
  }
}

interface RecordingRun {
  /** What was asked for; with `split` and the like that of no file. */
  readonly path: string
  readonly plan: SubscriptionPlan
  readonly logDirectory: string
}

interface Receiver {
  readonly recorder: Recorder | TriggerRecorder
  /** Default: the recorder itself. */
  readonly sink?: Sink
  readonly status: string
}

/** Records what comes around each trigger. */
async function keepMoments(
  context: CommandContext,
  recording: RecordingRun,
  { split, keep, trigger }: RecordLimits,
): Promise<void> {
  const { preSeconds = 0, postSeconds, when } = trigger ?? {}
  const onFile = (event: KeptFileEvent, path: string): void => {
    if (context.json) context.output.write(`${JSON.stringify({ type: 'file', event, path })}\n`)
    // That it is not complete is an error, which is said as such.
    else if (event !== 'incomplete')
      context.status(event === 'begin' ? `keeping to ${path}` : `${path} is complete`)
  }
  const limits = { path: recording.path, split, keep }
  const recorder = new TriggerRecorder({ ...limits, preSeconds, postSeconds, onFile })
  const triggers = listenForTriggers(context, recorder, postSeconds)
  const ways = [triggers.way, ...(when ? [`"${when.text}" is true`] : [])].join(', or ')
  try {
    await run(context, recording, {
      recorder,
      ...(when && { sink: new WatchingSink(recorder, when, postSeconds !== undefined) }),
      status: `the last ${preSeconds} s are kept in a file each time ${ways}`,
    })
  } finally {
    triggers.close()
  }
}

async function run(
  context: CommandContext,
  { path, plan, logDirectory }: RecordingRun,
  { recorder, sink = recorder, status }: Receiver,
): Promise<void> {
  const progress = new RecordProgress(context, path, () => recorder.progress())
  const following = new AbortController()
  const signal = AbortSignal.any([context.signal, following.signal])
  let followed = Promise.resolve()
  const onOpen = (): undefined => {
    context.status(status)
    progress.start()
    followed = followInto(recorder, context, { logDirectory, signal })
  }
  try {
    if (isRaw(plan)) await runRaw(context, plan, { recorder, onOpen })
    else await runSubscription({ ...context, summary: () => undefined }, plan, { sink, onOpen })
  } finally {
    following.abort()
    await followed
    progress.end()
  }
}

async function followInto(
  recorder: { addLine(line: string): void },
  { log }: CommandContext,
  { logDirectory, signal }: { readonly logDirectory: string; readonly signal: AbortSignal },
): Promise<void> {
  try {
    for await (const line of followLog(logDirectory, { signal })) recorder.addLine(line)
  } catch (error) {
    log.warning(`the lines of the log are not recorded: ${errorMessage(error)}`, error)
  }
}

/** True for messages that are recorded as they are, because they have no values. */
function isRaw({ format }: SubscriptionPlan): boolean {
  return format?.kinds.length === 0
}

/** `zcast-2026-08-04T15-47-01Z.mcap`. */
function nameByTime(time: Date): string {
  return `zcast-${time.toISOString().slice(0, 19).replaceAll(':', '-')}Z.mcap`
}
