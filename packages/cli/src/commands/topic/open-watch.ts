import { describeRefusal, type Refusal, StreamError, ZmtpTransport } from '@zcast/shared'
import { TopicWatch, type TopicWatchOptions } from '@zcast/subscribers/topics'
import type { CommandContext } from '../../command-context.ts'
import { warnOfKeys } from '../../options/read-keys.ts'
import { noticeRefusals } from '../../security/refusal-notices.ts'
import type { WatchPlan } from './watch-plan.ts'

/** A watch, and how it went. */
export interface OpenWatch extends AsyncDisposable {
  readonly watch: TopicWatch
  /**
   * Says at the end that nothing came.
   *
   * @throws {@link StreamError} `ERR_DENIED` where keys were refused, otherwise `ERR_SILENT`.
   */
  failForNothing(what: string): never
}

/** Opens a watch as the options say, and reports who refuses it. */
export async function openWatch(
  context: CommandContext,
  plan: WatchPlan,
  options: Pick<TopicWatchOptions, 'receives' | 'onMessage' | 'lookMs'>,
): Promise<OpenWatch> {
  const { connect, topics, windowMs, heartbeatMs, maxMessageBytes, keys } = plan
  let refusal: Refusal | undefined
  const notice = noticeRefusals(context)
  const transport = new ZmtpTransport({
    curve: keys.curve,
    nats: keys.nats,
    onRefused: (told) => {
      refusal ??= told
      notice(told)
    },
  })
  warnOfKeys(context, keys.warning)
  const watch = await TopicWatch.open({
    connect,
    topics,
    windowMs,
    heartbeatMs,
    maxMessageBytes,
    transport,
    ...options,
  })
  return {
    watch,
    failForNothing: (what) => {
      const isRefused = watch.endpoints.every(({ state }) => state === 'denied')
      if (refusal && isRefused) throw new StreamError('ERR_DENIED', describeRefusal(refusal))
      throw new StreamError('ERR_SILENT', describeNothing(watch, what))
    },
    [Symbol.asyncDispose]: () => watch.close(),
  }
}

/** Why nothing came: nobody is there, or whoever is there does not send it. */
function describeNothing({ endpoints }: TopicWatch, what: string): string {
  const there = endpoints.filter(({ wasConnected }) => wasConnected).map(({ endpoint }) => endpoint)
  if (there.length > 0)
    return `${what} did not come from ${there.join(', ')}, which is connected: see what it sends with "zcast topic list"`
  const all = endpoints.map(({ endpoint }) => endpoint).join(', ')
  return `nobody answered at ${all}: start a publisher, or name its endpoint with --connect`
}
