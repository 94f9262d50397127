import { setFlagsFromString } from 'node:v8'
import type { FormatEndpoints } from '@zcast/formats'
import { formatRelayReport, Relay, relayMetrics, type RelaySource } from '@zcast/relay'
import { openTransport, type PeerState, type TransportOptions } from '@zcast/shared'
import { hideSecrets } from '@zcast/shared/internal'
import type { CommandContext } from '../../command-context.ts'
import { warnOfKeys } from '../../options/keys/read-keys.ts'
import { warnOfExposure } from '../../security/exposure.ts'
import { noticeRefusals } from '../../security/refusal-notices.ts'
import { serveMetrics } from './metrics-server.ts'
import type { RelayPlan } from './plan-relay.ts'

const SECOND_MS = 1000

/** Sooner nobody wonders whether a publisher is there. */
const WAITING_AFTER_MS = 500

/**
 * What pictures were received in is freed when V8 collects garbage, once a second at 150 kB thirty times a second. In
 * steps that costs 1.7 ms of CPU a picture, all at once 0.9 (measured, on a busy machine).
 */
const COLLECT_AT_ONCE = '--no-incremental-marking'

/** `zcast relay` at work, until the end. */
export async function runRelay(context: CommandContext, plan: RelayPlan): Promise<void> {
  setFlagsFromString(COLLECT_AT_ONCE)
  warnOfKeys(context, plan.keys.warning)
  const waiting = new Waiting(context)
  for (const endpoint of [...plan.connect, ...plan.listen]) waiting.tell([endpoint], 'connecting')
  await using relay = await openRelay(context, plan, waiting)
  const metrics =
    plan.metricsPort === undefined
      ? undefined
      : await serveMetrics(plan.metricsPort, () => relayMetrics(relay.report()))
  const below = shown(relay.endpoints)
  context.status(`passing on ${shown([...plan.connect, ...plan.listen])} at ${below}`)
  if (metrics) context.status(`metrics at ${metrics.address}`)
  if (!plan.toKeys.secured) warnOfExposure(context, relay.endpoints.slice(0, plan.bind.length), 'publisher')
  if (!plan.keys.curve) warnOfExposure(context, plan.listen, 'subscriber')
  context.ready(below)
  const print = (type: 'progress' | 'summary'): void => {
    if (context.json) context.output.write(`${JSON.stringify({ type, ...relay.report() })}\n`)
  }
  const timer = setInterval(() => print('progress'), SECOND_MS)
  try {
    await untilEnded(context.signal)
  } finally {
    clearInterval(timer)
    waiting.close()
    metrics?.close()
    await relay.close()
    print('summary')
    const report = relay.report()
    context.summary(formatRelayReport(report))
    context.report({
      type: 'summary',
      sent: report.sent,
      received: report.received,
      lost: report.lost,
      latencyMs: null,
    })
  }
}

async function openRelay(context: CommandContext, plan: RelayPlan, waiting: Waiting): Promise<Relay> {
  const { heartbeatMs, maxMessageBytes, delivery, maxRates, carries, bind, to } = plan
  const { keys, format, toFormat } = plan
  const above: TransportOptions = { curve: keys.curve, nats: keys.nats, onRefused: noticeRefusals(context) }
  const open = async (given: FormatEndpoints): Promise<RelaySource> => ({
    bind: given.bind,
    connect: given.connect,
    heartbeatMs,
    maxMessageBytes,
    transport: format
      ? await format.openTransport('subscriber', given, above)
      : await openTransport([...given.bind, ...given.connect], above),
    codec: format?.openCodec(),
  })
  const from = await Promise.all([
    ...plan.connect.map((endpoint) => open({ bind: [], connect: [endpoint] })),
    ...plan.listen.map((endpoint) => open({ bind: [endpoint], connect: [] })),
  ])
  const [below = {}] = await plan.toKeys.open(context, context.signal)
  const endpoints = { bind, connect: to }
  return Relay.open({
    from,
    ...endpoints,
    heartbeatMs,
    maxMessageBytes,
    transport: toFormat
      ? await toFormat.openTransport('publisher', endpoints, below)
      : await openTransport([...bind, ...to], below),
    codec: toFormat?.openCodec(),
    kinds: toFormat?.kinds,
    isNameless: toFormat?.isNameless,
    delivery,
    maxRates,
    carries,
    log: context.log,
    onState: (of, state) => waiting.tell(of, state),
  })
}

/** Endpoints for people: those of NATS servers may hold passwords. */
function shown(endpoints: readonly string[]): string {
  return endpoints.map((endpoint) => hideSecrets(endpoint)).join(' and ')
}

/** Says which publishers it waits for, once it has waited a little. */
class Waiting {
  readonly #context: CommandContext
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #known = new Set<string>()

  constructor(context: CommandContext) {
    this.#context = context
  }

  tell(endpoints: readonly string[], state: PeerState): void {
    const endpoint = shown(endpoints)
    clearTimeout(this.#timers.get(endpoint))
    if (state === 'connected') {
      this.#context.status(`${this.#known.has(endpoint) ? 'connected again' : 'connected'}: ${endpoint}`)
      this.#known.add(endpoint)
      return
    }
    const wait = (): void => this.#context.status(`waiting for a publisher at ${endpoint}`)
    this.#timers.set(endpoint, setTimeout(wait, WAITING_AFTER_MS))
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
  }
}

function untilEnded(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
}
