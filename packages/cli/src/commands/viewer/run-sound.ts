import type { Log } from '@zcast/shared'
import type { Sink } from '@zcast/subscribers'
import type { CommandContext } from '../../command-context.ts'
import { nameTopics } from '../../subscription/plan.ts'
import { runSubscription } from '../../subscription/run.ts'
import type { SoundPlan } from './plan-sound.ts'

/**
 * Receives the sound beside a viewer's pictures until `signal` aborts. What goes wrong with it is logged, and does not
 * end the viewer; with sound that nobody asked for, only once some has come.
 */
export async function runSound(
  context: CommandContext,
  { plan, isExpected }: SoundPlan,
  sink: Sink,
  signal: AbortSignal,
): Promise<void> {
  let isHeard = isExpected
  const heard: Sink = {
    open: (opened) => sink.open(opened),
    write: (envelope) => {
      isHeard = true
      return sink.write(envelope)
    },
    close: () => sink.close(),
  }
  const log: Log = {
    warning: (...told) => {
      if (isHeard) context.log.warning(...told)
    },
    error: (...told) => {
      if (isHeard) context.log.error(...told)
    },
    close: () => undefined,
  }
  const inner = {
    ...context,
    signal,
    log,
    // The pictures' own messages say that the viewer waits, or that nobody watches.
    status: () => undefined,
    summary: (text: string) => context.summary(`${nameTopics(plan)} ${text}`),
    ready: () => undefined,
    report: () => undefined,
  }
  try {
    await runSubscription(inner, plan, { sink: heard, untilHeard: true })
  } catch (error) {
    log.warning(`there is no sound: ${error instanceof Error ? error.message : String(error)}`, error)
  }
}
