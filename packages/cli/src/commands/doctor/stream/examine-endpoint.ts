import { describeRefusal, type Refusal, wallClock, ZmtpTransport } from '@zcast/shared'
import { hideSecrets, parseEndpoint } from '@zcast/shared/internal'
import { type TopicAccount, TopicWatch } from '@zcast/subscribers/topics'
import { wait } from '../../topic/wait.ts'
import { checkReach } from '../checks/check-reach.ts'
import type { DoctorPlan } from '../doctor-plan.ts'
import { type Finding, problem } from '../finding.ts'
import { StreamMeasure } from './stream-measure.ts'
import type { MeasuredStream } from './measured-stream.ts'

/** What was found at one endpoint. */
export interface EndpointExam {
  readonly endpoint: string
  /** About the connection. */
  readonly findings: readonly Finding[]
  /** True when a publisher answers there. */
  readonly isConnected: boolean
  /** True when the publisher is asked, and knows all that it sends. */
  readonly isZcast: boolean
  readonly versions: readonly string[]
  /** Every topic there is, whether it was asked for or not. */
  readonly topics: readonly string[]
  readonly streams: readonly MeasuredStream[]
  /** True while more came than could be read here. */
  readonly isBehind: boolean
}

/** Publishers of other programs are looked at for this long. */
const LOOK_MS = 1200

/** Streams are measured for this long. */
const MEASURE_MS = 5000

/** Finds out whether an endpoint is reached, what it sends, and how that comes. */
export async function examineEndpoint(
  endpoint: string,
  plan: DoctorPlan,
  signal: AbortSignal,
): Promise<EndpointExam> {
  const reach = await checkReach(endpoint, plan.isDefault, signal)
  const nothing = {
    endpoint,
    isConnected: false,
    isZcast: false,
    versions: [],
    topics: [],
    streams: [],
    isBehind: false,
  }
  if (!reach.isThere) return { ...nothing, findings: reach.findings }
  let refusal: Refusal | undefined
  const { topics: wanted, heartbeatMs, maxMessageBytes, keys } = plan
  const transport = new ZmtpTransport({
    curve: keys.curve,
    nats: keys.nats,
    onRefused: (told) => void (refusal ??= told),
  })
  const options = { connect: [endpoint], heartbeatMs, maxMessageBytes, transport, lookMs: LOOK_MS }
  const found = await lookAround(options, signal)
  const isServer = parseEndpoint(endpoint).transport === 'nats'
  if (refusal && KEY_REASONS.has(refusal.reason)) return { ...nothing, findings: [describeKeys(refusal)] }
  if (!found.isConnected)
    return {
      ...nothing,
      findings: [
        ...(isServer ? reach.findings : []),
        isServer
          ? describeEmptyServer(endpoint, refusal)
          : problem(
              'no-publisher',
              `${endpoint} speaks ZeroMQ and is no publisher (PUB or XPUB) that can be subscribed to`,
              'connect to the endpoint that the publisher binds, and give --curve and --server-key where it has keys',
              { endpoint },
            ),
      ],
    }
  const measures = new Map<string, StreamMeasure>()
  await using watch = await TopicWatch.open({
    ...options,
    topics: wanted,
    receives: true,
    onMessage: (_, sighting, account) => {
      let measure = measures.get(account.topic)
      if (!measure) measures.set(account.topic, (measure = new StreamMeasure()))
      measure.take(sighting, account, performance.now(), wallClock())
    },
  })
  await wait(MEASURE_MS, signal)
  const nowMs = performance.now()
  const streams = watch.topics.map((account): MeasuredStream => ({
    account,
    measure: measures.get(account.topic) ?? new StreamMeasure(),
    clock: watch.clockOf(account),
    droppedBefore: found.accounts.find(({ topic }) => topic === account.topic)?.offer?.dropped ?? 0,
    nowMs,
  }))
  return {
    endpoint,
    findings: refusal ? [...reach.findings, describeCut(refusal)] : reach.findings,
    isConnected: true,
    isZcast: found.isZcast,
    versions: found.versions,
    topics: [...new Set([...found.accounts, ...watch.topics].map(({ topic }) => topic))],
    streams,
    isBehind: watch.behindSeconds > 1,
  }
}

interface Surroundings {
  readonly isConnected: boolean
  readonly isZcast: boolean
  readonly versions: readonly string[]
  readonly accounts: readonly TopicAccount[]
}

/** Finds out what there is, without receiving it where the publisher says so itself. */
async function lookAround(
  options: Parameters<typeof TopicWatch.open>[0],
  signal: AbortSignal,
): Promise<Surroundings> {
  await using watch = await TopicWatch.open(options)
  await watch.looked(signal)
  const [known] = watch.endpoints
  return {
    isConnected: known?.wasConnected ?? false,
    isZcast: known?.make === 'zcast',
    versions: known?.versions ?? [],
    accounts: watch.topics,
  }
}

const KEY_REASONS: ReadonlySet<string> = new Set([
  'key',
  'client-without-keys',
  'publisher-without-keys',
  'server-key',
  'check',
])

/** A NATS server is there, and no publisher on it. */
function describeEmptyServer(endpoint: string, refusal: Refusal | undefined): Finding {
  const shown = hideSecrets(endpoint)
  if (refusal)
    return problem('server-refuses', describeRefusal(refusal), 'see docs/many-machines.md', {
      endpoint: shown,
      reason: refusal.reason,
    })
  return problem(
    'no-publisher',
    `no publisher is connected to ${shown}`,
    'start one with --connect and the same server, as a user of the same account',
    { endpoint: shown },
  )
}

function describeKeys(refusal: Refusal): Finding {
  const { endpoint, reason } = refusal
  const advice = 'see "zcast help keys" for how keys are made and given'
  return problem('keys', describeRefusal(refusal), advice, { endpoint, reason })
}

function describeCut(refusal: Refusal): Finding {
  const { endpoint, reason } = refusal
  const advice = 'raise --max-message-size at this end if its messages are that large'
  return problem('refused-peer', describeRefusal(refusal), advice, { endpoint, reason })
}
