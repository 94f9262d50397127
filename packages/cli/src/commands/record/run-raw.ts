import type { Recorder, TriggerRecorder } from '@zcast/recording'
import { openTransport } from '@zcast/shared'
import type { CommandContext } from '../../command-context.ts'
import { Admission } from '../../subscription/admission.ts'
import type { SubscriptionPlan } from '../../subscription/plan.ts'

/** Records messages as they are, without looking at what they hold. */
export async function runRaw(
  context: CommandContext,
  plan: SubscriptionPlan,
  { recorder, onOpen }: { readonly recorder: Recorder | TriggerRecorder; readonly onOpen: () => void },
): Promise<void> {
  const { topics, keys, maxValues = Infinity, ...options } = plan
  const { security } = new Admission(context, keys)
  const transport = await openTransport([...plan.bind, ...plan.connect], security)
  const socket = await transport.openSubscribe(options)
  const stop = (): void => void socket.close()
  context.signal.addEventListener('abort', stop)
  // It may have been stopped while the socket was being opened.
  if (context.signal.aborted) stop()
  try {
    await recorder.open({ log: context.log })
    onOpen()
    context.ready()
    for (const prefix of topics.length > 0 ? topics : ['']) socket.subscribe(prefix)
    let count = 0
    for await (const message of socket.messages()) {
      await recorder.addRaw(message)
      if (++count >= maxValues) break
    }
  } finally {
    context.signal.removeEventListener('abort', stop)
    await socket.close()
    await recorder.close()
  }
}
