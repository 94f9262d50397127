import {
  describeRefusal,
  type Refusal,
  StreamError,
  type TransportOptions,
  ZmtpTransport,
} from '@zcast/shared'
import { TopicWatch, type TopicWatchOptions } from '@zcast/subscribers/topics'
import type { CommandContext } from '../../command-context.ts'
import { warnOfKeys } from '../../options/keys/read-keys.ts'
import { noticeRefusals } from '../../security/refusal-notices.ts'
import { watchedFormat } from './watched-format.ts'
import type { Watch } from './recorded-watch.ts'
import type { WatchPlan } from './watch-plan.ts'

/** A watch, and how it went. */
export interface OpenWatch extends AsyncDisposable {
  readonly watch: Watch
  /** What comes; `undefined` for a recording, of which everything has been counted. */
  readonly live: TopicWatch | undefined
  /** A monotonic time in milliseconds; for a recording, its end. */
  nowMs(): number
  /**
   * Says at the end that nothing came.
   *
   * @throws {@link StreamError} `ERR_DENIED` where keys were refused, otherwise `ERR_SILENT`.
   */
  failForNothing(what: string): never
}

/** What a verb asks for. */
export interface WatchOptions extends Pick<TopicWatchOptions, 'receives' | 'lookMs'> {
  /** Called with each message that was counted; of a recording, the next one waits for what it returns. */
  readonly onMessage?: (
    ...counted: Parameters<NonNullable<TopicWatchOptions['onMessage']>>
  ) => Promise<unknown> | undefined | void
  /** Aborted when enough of a recording has been read. Default: all of it is. */
  readonly until?: AbortSignal
}

/** Opens a watch as the options say, and reports who refuses it. */
export async function openWatch(
  context: CommandContext,
  plan: WatchPlan,
  options: WatchOptions,
): Promise<OpenWatch> {
  if (plan.files.length > 0) {
    // What reads recordings is loaded for them alone.
    const { openRecordedWatch } = await import('./open-recorded-watch.ts')
    return openRecordedWatch(context, plan, options)
  }
  const { connect, bind, format, topics, windowMs, heartbeatMs, maxMessageBytes, keys } = plan
  let refusal: Refusal | undefined
  const notice = noticeRefusals(context)
  const security: TransportOptions = {
    curve: keys.curve,
    nats: keys.nats,
    onRefused: (told) => {
      refusal ??= told
      notice(told)
    },
  }
  const transport = format
    ? await format.openTransport('subscriber', { bind, connect }, security)
    : new ZmtpTransport(security)
  warnOfKeys(context, keys.warning)
  const watch = await TopicWatch.open({
    connect,
    bind,
    reader: watchedFormat(format).reader,
    topics,
    windowMs,
    heartbeatMs,
    maxMessageBytes,
    transport,
    receives: options.receives,
    lookMs: options.lookMs,
    onMessage: options.onMessage && ((...counted) => void options.onMessage?.(...counted)),
  })
  return {
    watch,
    live: watch,
    nowMs: () => performance.now(),
    failForNothing: (what) => {
      const isRefused = watch.endpoints.every(({ state }) => state === 'denied')
      if (refusal && isRefused) throw new StreamError('ERR_DENIED', describeRefusal(refusal))
      throw new StreamError('ERR_SILENT', describeNothing(watch, what, plan))
    },
    [Symbol.asyncDispose]: () => watch.close(),
  }
}

/** Why nothing came: nobody is there, or whoever is there does not send it. */
function describeNothing({ endpoints }: TopicWatch, what: string, { format }: WatchPlan): string {
  const unread = endpoints.reduce((sum, one) => sum + one.unread, 0)
  if (format && unread > 0)
    return `${unread} messages came, none of format ${format.name}: see what they are without --format`
  const there = endpoints.filter(({ wasConnected }) => wasConnected).map(({ endpoint }) => endpoint)
  if (there.length > 0)
    return `${what} did not come from ${there.join(', ')}, which is connected: see what it sends with "zcast topic list"`
  const all = endpoints.map(({ endpoint }) => endpoint).join(', ')
  if (endpoints.every(({ listens }) => listens))
    return `nobody connected to ${all}: start a publisher that connects to it`
  return `nobody answered at ${all}: start a publisher, or name its endpoint with --connect`
}
