import { invalid, type Rejection } from '../codec/codec.ts'
import { MAX_HEADER_BYTES, refuseHeader } from '../codec/header-scanner.ts'
import { msgpack } from '../codec/msgpackr-library.ts'
import { isFinite, isUint } from '../codec/part.ts'
import { isLabelList } from '../column-labels.ts'
import type { Message } from '../envelope.ts'
import { isKind } from '../kinds.ts'
import { heightOfRendition, MAX_RENDITIONS } from '../rendition-name.ts'
import { parseTopic } from '../topic.ts'
import type { TopicList, TopicOffer } from './topic-offer.ts'

const VERSION = 1
const OPTIONS = { useRecords: false, int64AsType: 'number' } as const

/** Leaves room for the other keys of a header. */
const MAX_OFFERS_BYTES = MAX_HEADER_BYTES - 256

/** A version as npm writes it. */
const RELEASE = /^\d[\w.+-]{0,31}$/

/** The most relays that an answer names. */
const MAX_RELAYS = 64

/** The longest name of a format. */
const MAX_FORMAT_LENGTH = 16

/**
 * Writes a publisher's answer: as many messages as its topics need, each a topic and a header.
 *
 * @param topic - The one that was subscribed to.
 */
export function encodeTopicList(topic: string, list: Omit<TopicList, 'more'>): readonly Message[] {
  const packr = new (msgpack().Packr)(OPTIONS)
  const topicBytes = Buffer.from(topic)
  const groups: TopicOffer[][] = [[]]
  let bytes = 0
  for (const offer of list.topics) {
    const size = packr.pack(offer).length
    if (bytes + size > MAX_OFFERS_BYTES && bytes > 0) {
      groups.push([])
      bytes = 0
    }
    groups.at(-1)?.push(offer)
    bytes += size
  }
  let more = list.topics.length
  return groups.map((topics) => {
    more -= topics.length
    const { time, publisher, version, relays } = list
    const header = {
      v: VERSION,
      time,
      publisher,
      version,
      relays: relays?.slice(0, MAX_RELAYS),
      topics: topics.map(withoutUnknown),
      more,
    }
    return [topicBytes, packr.pack(withoutUnknown(header))]
  })
}

/** Reads an answer from outside. Topics that break a rule are left out. Never throws: every byte may be hostile. */
export function decodeTopicList(message: Message): TopicList | Rejection {
  const header = message[1]
  if (message.length !== 2 || !header) return invalid('the list of topics is not a topic and a header')
  const refusal = refuseHeader(header)
  if (refusal !== undefined) return invalid(refusal)
  const unpackr = new (msgpack().Unpackr)(OPTIONS)
  const { v, time, publisher, version, relays, topics, more } = unpackr.unpack(header) as Record<
    string,
    unknown
  >
  if (v !== VERSION) return invalid('the list of topics has another version')
  if (!isFinite(time) || !isUint(publisher) || !Array.isArray(topics))
    return invalid('the list of topics lacks a time, a publisher or topics')
  return {
    time,
    publisher,
    ...(typeof version === 'string' && RELEASE.test(version) && { version }),
    ...(isRelayList(relays) && { relays }),
    topics: topics.flatMap(readOffer),
    more: isUint(more) ? more : 0,
  }
}

/** A key without a value would be written as nil. */
function withoutUnknown(header: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(header).filter(([, value]) => value !== undefined))
}

function readOffer(given: unknown): TopicOffer[] {
  if (typeof given !== 'object' || given === null) return []
  const { topic, epoch, sent, perSecond, messagesPerSecond, bytesPerSecond, ...rest } = given as Record<
    string,
    unknown
  >
  const kind = typeof topic === 'string' ? parseTopic(topic)?.kind : undefined
  if (typeof topic !== 'string' || !isKind(kind) || !isUint(epoch) || !isUint(sent)) return []
  const { time, dropped, columns, names, units, width, height, rate, channels, format, renditions } = rest
  const isNumbers = kind === 'numbers' && isUint(columns) && columns > 0
  return [
    {
      topic,
      kind,
      epoch,
      sent,
      perSecond: positive(perSecond),
      messagesPerSecond: positive(messagesPerSecond),
      bytesPerSecond: positive(bytesPerSecond),
      ...(isUint(dropped) && { dropped }),
      ...(isFinite(time) && { time }),
      ...(isNumbers && { columns }),
      ...(isNumbers && isLabelList(names, columns) && { names }),
      ...(isNumbers && isLabelList(units, columns) && { units }),
      ...(kind === 'video' && isUint(width) && isUint(height) && { width, height }),
      ...((kind === 'audio' || kind === 'voice') && isUint(rate) && isUint(channels) && { rate, channels }),
      ...(typeof format === 'string' && format.length <= MAX_FORMAT_LENGTH && { format }),
      ...(kind === 'video' && isRenditionList(renditions) && { renditions }),
    },
  ]
}

function isRelayList(relays: unknown): relays is readonly number[] {
  return Array.isArray(relays) && relays.length <= MAX_RELAYS && relays.every(isUint)
}

function positive(value: unknown): number {
  return isFinite(value) && value > 0 ? value : 0
}

function isRenditionList(names: unknown): names is readonly string[] {
  return (
    Array.isArray(names) &&
    names.length > 0 &&
    names.length <= MAX_RENDITIONS &&
    names.every((name) => typeof name === 'string' && heightOfRendition(name) !== undefined)
  )
}
