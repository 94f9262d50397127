import { KINDS, parseTopic } from '@zcast/shared'
import { matchesSubscription } from '@zcast/shared/internal'
import { reportBw, reportHz } from '@zcast/subscribers/topics'
import { didYouMean } from '../../../options/reading/suggestion.ts'
import { formatBytes, formatRate, formatTopicName } from '../../topic/columns.ts'
import { formatSpan } from '../format-span.ts'
import { type Finding, fine, problem, warning } from '../finding.ts'
import type { MeasuredStream } from '../stream/measured-stream.ts'
import type { EndpointExam } from '../stream/examine-endpoint.ts'

const MAX_NAMED = 8

/** Checks that what is wanted is published, and comes. */
export function* checkTopics(
  exams: readonly EndpointExam[],
  wanted: readonly string[],
): Generator<Finding, void> {
  const connected = exams.filter(({ isConnected }) => isConnected)
  if (connected.length === 0) return
  const endpoints = connected.map(({ endpoint }) => endpoint)
  const all = [...new Set(connected.flatMap(({ topics }) => topics))]
  for (const topic of wanted) {
    if (all.some((one) => matchesSubscription(one, topic) || one.startsWith(topic))) continue
    const what = all.length === 0 ? 'nothing' : nameSome(all)
    yield problem(
      'topic-missing',
      `nothing is published on ${topic} at ${endpoints.join(', ')}: what is published there is ${what}${didYouMean(topic, all)}`,
      'subscribe to one of these, or start the publisher of that topic',
      { topic, endpoints, published: all },
    )
  }
  for (const { endpoint, topics, isZcast } of connected)
    if (topics.length === 0 && wanted.length === 0)
      yield problem(
        'nothing-published',
        isZcast
          ? `the publisher at ${endpoint} has no topic`
          : `the publisher at ${endpoint} sent nothing while it was looked at`,
        'check that its source still runs',
        { endpoint },
      )
  for (const { streams } of connected)
    for (const stream of streams) yield* checkFlow(stream, wanted.length > 0)
}

/** Whether a stream comes at all. @param isWanted - Somebody asked for it by name. */
function* checkFlow({ account, nowMs }: MeasuredStream, isWanted: boolean): Generator<Finding, void> {
  const { topic, endpoint, messages, retained, offer } = account
  const name = formatTopicName(topic)
  if (messages > retained) {
    const { rate, behind } = reportHz(account, nowMs, false)
    const hz = { messages: rate, behind }
    const bytes = reportBw(account, nowMs, hz).rate
    yield fine('topic', `${name} comes from ${endpoint}: ${formatRate(rate)}/s, ${formatBytes(bytes)}/s`, {
      topic,
      endpoint,
      rate,
      bytes,
    })
    return
  }
  // A rendition is made for whoever asks for it, and what people say in a room comes when they say it.
  if (!isWanted && (parseTopic(topic)?.rendition !== undefined || (offer && !KINDS[offer.kind].hasSources)))
    return
  const newest =
    offer?.time === undefined
      ? 'it has never had a value'
      : `its newest value is ${formatSpan(Date.now() - offer.time * 1000)} old`
  const measurement = { topic, endpoint, sent: offer?.sent ?? null, time: offer?.time ?? null }
  const sentence = `nothing came on ${name} from ${endpoint}, which has it; ${newest}`
  const advice = "look at the publisher's error log (zcast logs), or wait where it has only just started"
  // Numbers may come once a minute.
  yield offer?.kind === 'numbers' && offer.time !== undefined
    ? warning('silent', sentence, advice, measurement)
    : problem('silent', sentence, advice, measurement)
}

function nameSome(topics: readonly string[]): string {
  const more = topics.length - MAX_NAMED
  return `${topics.slice(0, MAX_NAMED).map(formatTopicName).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
