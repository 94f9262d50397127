import { FoxgloveServer, type LogEntry, type PresentTopic } from '@zcast/foxglove'
import { followLog, parseLogLine } from '@zcast/log'
import { KINDS, openTransport, type TransportOptions, ZmtpTransport } from '@zcast/shared'
import { hideSecrets } from '@zcast/shared/internal'
import { Subscriber } from '@zcast/subscribers'
import { CodecReader, TopicWatch } from '@zcast/subscribers/topics'
import type { CommandContext } from '../../command-context.ts'
import { warnOfKeys } from '../../options/keys/read-keys.ts'
import { describeCertificate } from '../../page/announce-page.ts'
import { noticeRefusals } from '../../security/refusal-notices.ts'
import type { FoxglovePlan } from './plan-foxglove.ts'

/** Publishers are asked so often what they have. */
const ASK_EVERY_MS = 2000
/** Sooner nobody wonders. */
const NOBODY_AFTER_MS = 1000
/** Messages of numbers that wait while others are sent on. */
const NUMBERS_DELIVERY = 'queue:1000'
/** Lines of the log that were written before. */
const LOG_LINES = 50

/** `zcast foxglove` at work. */
export class FoxgloveRun {
  readonly #plan: FoxglovePlan
  readonly #server: FoxgloveServer
  #security: TransportOptions = {}
  #context: CommandContext | undefined

  /** @throws {@link OptionError} when an option is out of range, or the server would be open by mistake. */
  constructor(plan: FoxglovePlan) {
    this.#plan = plan
    const { warning: _, ...access } = plan.access
    this.#server = new FoxgloveServer({
      ...access,
      port: plan.port,
      topics: plan.topics,
      openSubscriber: (topic) => this.#openSubscriber(topic),
      logLines: (signal) => readLog(plan.logDirectory, signal),
    })
  }

  /** Serves until the end. */
  async run(context: CommandContext): Promise<void> {
    const { access, keys } = this.#plan
    this.#context = context
    this.#security = { curve: keys.curve, nats: keys.nats, onRefused: noticeRefusals(context) }
    if (access.warning !== undefined) context.log.warning(access.warning)
    warnOfKeys(context, keys.warning)
    await using watch = await this.#openWatch()
    try {
      await this.#server.listen(watch, context.log)
      this.#announce(context)
      context.ready(this.#server.address)
      const stopNarrating = narrate(context, watch)
      await ended(context.signal)
      stopNarrating()
    } finally {
      await this.#server.close()
    }
    const { clients, sent, leftOut } = this.#server.counts
    context.summary(
      `sent ${sent} messages to ${clients} ${clients === 1 ? 'client' : 'clients'}, left out ${leftOut}`,
    )
    context.report({ type: 'summary', sent, lost: null, latencyMs: null })
  }

  #openWatch(): Promise<TopicWatch> {
    const { connect, heartbeatMs, maxMessageBytes, format } = this.#plan
    return TopicWatch.open({
      connect,
      heartbeatMs,
      maxMessageBytes,
      askEveryMs: ASK_EVERY_MS,
      transport: new ZmtpTransport(this.#security),
      ...(format && { reader: () => new CodecReader(format.openCodec(), format.name) }),
    })
  }

  async #openSubscriber({ topic, kind, endpoints, isOffered }: PresentTopic): Promise<Subscriber> {
    const { heartbeatMs, maxMessageBytes, format } = this.#plan
    const connect = [...endpoints]
    // A publisher that answers questions speaks zcast's own format.
    const other = isOffered ? undefined : format
    const transport = other
      ? await other.openTransport('subscriber', { bind: [], connect }, this.#security)
      : await openTransport(connect, this.#security)
    const codec = other?.openCodec()
    return Subscriber.open({
      connect,
      topics: [topic],
      delivery: kind === 'numbers' ? NUMBERS_DELIVERY : KINDS[kind].delivery,
      heartbeatMs,
      maxMessageBytes,
      transport,
      ...(this.#context && { log: this.#context.log }),
      ...(codec && { codec }),
    })
  }

  #announce(context: CommandContext): void {
    const { address } = this.#server
    const { token, tls } = this.#plan.access
    const hint = token === undefined ? '' : ', with ?token= and the token after it'
    const text = `open ${address} in Foxglove, Lichtblick or PlotJuggler${hint}`
    if (context.json) return void context.output.write(`${JSON.stringify({ type: 'foxglove', address })}\n`)
    if (context.quiet) return
    if (tls) context.status(describeCertificate(tls))
    context.output.write(`${text}\n`)
  }
}

async function* readLog(directory: string, signal: AbortSignal): AsyncGenerator<LogEntry> {
  for await (const text of followLog(directory, { signal, lines: LOG_LINES })) {
    const line = parseLogLine(text)
    if (line) yield line
  }
}

/** Says which publishers it waits for. */
function narrate(context: CommandContext, watch: TopicWatch): () => void {
  const timer = setTimeout(() => {
    const waiting = watch.endpoints.filter(({ state }) => state === 'connecting')
    if (waiting.length > 0)
      context.status(
        `waiting for a publisher at ${waiting.map(({ endpoint }) => hideSecrets(endpoint)).join(', ')}`,
      )
  }, NOBODY_AFTER_MS)
  return () => clearTimeout(timer)
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
}
