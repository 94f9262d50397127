import { Recorder } from '@zcast/recording'
import type { Plan } from '../../command.ts'
import type { CommandContext } from '../../command-context.ts'
import type { Arguments } from '../../options/arguments.ts'
import { refuseExisting } from '../../options/refuse-existing.ts'
import { planEverything } from '../../subscription/plan.ts'
import { runSubscription } from '../../subscription/run.ts'
import { formatProgress, reportProgress } from './record-progress.ts'

const SECOND_MS = 1000

/** Reads and checks the options of `zcast record`. @throws {@link OptionError} when one is wrong. */
export async function planRecord(args: Arguments): Promise<Plan> {
  const path = args.text('file') ?? nameByTime(new Date())
  refuseExisting(path)
  const plan = await planEverything(args)
  return {
    role: 'record',
    run: async (context) => {
      const recorder = new Recorder({ path })
      let startedMs: number | undefined
      const seconds = (): number => (performance.now() - (startedMs ?? performance.now())) / 1000
      const progress = (): RecordingProgress => ({ path, seconds: seconds(), ...recorder.progress() })
      let stop = (): void => undefined
      const onOpen = (): undefined => {
        startedMs = performance.now()
        context.status(`recording to ${path}`)
        stop = showProgress(context, progress)
      }
      try {
        await runSubscription({ ...context, summary: () => undefined }, plan, { sink: recorder, onOpen })
      } finally {
        stop()
        if (startedMs !== undefined) tellEnd(context, progress())
      }
    },
  }
}

type RecordingProgress = Parameters<typeof formatProgress>[0]

function tellEnd(context: CommandContext, progress: RecordingProgress): void {
  if (progress.topics === 0) context.log.warning(`nothing came: there is nothing in ${progress.path}`)
  if (context.json) context.output.write(`${JSON.stringify(reportProgress('summary', progress))}\n`)
  context.summary(`${progress.path}: ${formatProgress(progress)}`)
}

/** Once a second: a line that is renewed in a terminal, or a report as JSON. @returns A function that ends it. */
function showProgress({ output, json, quiet }: CommandContext, read: () => RecordingProgress): () => void {
  const isTerminal = 'isTTY' in output && output.isTTY === true
  if (!json && (quiet || !isTerminal)) return () => undefined
  const timer = setInterval(() => {
    if (json) output.write(`${JSON.stringify(reportProgress('progress', read()))}\n`)
    else output.write(`\r\u001b[K${formatProgress(read())}\r`)
  }, SECOND_MS)
  return () => {
    clearInterval(timer)
    if (!json) output.write('\u001b[K')
  }
}

/** `zcast-2026-08-04T15-47-01Z.mcap`. */
function nameByTime(time: Date): string {
  return `zcast-${time.toISOString().slice(0, 19).replaceAll(':', '-')}Z.mcap`
}
