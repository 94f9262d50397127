import { parseTopic, type BlockKind } from '@zcast/shared'
import { describeShape } from '../any-reader.ts'
import { Distribution } from '../distribution.ts'
import type { TopicAccount } from '../topic-account.ts'
import { reportHz } from './hz-report.ts'

/** What a topic is. */
export interface ListReport {
  readonly type: 'topic'
  readonly topic: string
  /** `null` where it is not known. */
  readonly kind: BlockKind | null
  /** `zcast`, or what the messages look like: `json`, `imagezmq`, `raw`. */
  readonly format: string
  /** Values a second, as its publisher says or as they came; 0 while nothing is sent; `null` where it is not known. */
  readonly rate: number | null
  /** Bytes of a message, on average; `null` where none was sent lately. */
  readonly size: number | null
  /** What its values look like: names and units, the size of pictures. */
  readonly description: string
  readonly columns: number | null
  readonly names: readonly string[] | null
  readonly units: readonly string[] | null
  readonly width: number | null
  readonly height: number | null
  /** Of sound: samples a second. */
  readonly sampleRate: number | null
  readonly channels: number | null
  /** `jpeg`, `s16`, `opus`; `null` for numbers. */
  readonly compression: string | null
  /** Offered by its publisher, made for whoever asks. */
  readonly renditions: readonly string[]
  /** Of its publisher's present start; `null` where the format has none. */
  readonly epoch: number | null
  readonly endpoint: string
}

/** Says what a topic is, by what its publisher says and by what came. */
export function reportTopicOffer(account: TopicAccount, nowMs: number): ListReport {
  const { topic, offer, look, endpoint } = account
  const shape = { ...offer, ...look?.shape }
  const kind = offer?.kind ?? look?.kind ?? null
  const came = reportHz(account, nowMs, false)
  const sizes = Distribution.summarize(account.window.slices(nowMs).map((slice) => slice.sizes))
  const offered = offer && offer.messagesPerSecond > 0 ? offer.bytesPerSecond / offer.messagesPerSecond : null
  const isOwn = offer !== undefined || look?.format === 'zcast'
  return {
    type: 'topic',
    topic,
    kind,
    format: offer ? 'zcast' : (look?.format ?? 'raw'),
    rate: came.rate ?? offer?.perSecond ?? null,
    size: sizes?.mean ?? offered,
    description: isOwn && kind ? describeShape(kind, shape) : (look?.description ?? ''),
    columns: shape.columns ?? null,
    names: shape.names ?? null,
    units: shape.units ?? null,
    width: shape.width ?? null,
    height: shape.height ?? null,
    sampleRate: shape.rate ?? null,
    channels: shape.channels ?? null,
    compression: shape.format ?? null,
    renditions: parseTopic(topic)?.rendition === undefined ? (offer?.renditions ?? []) : [],
    epoch: account.epoch ?? offer?.epoch ?? null,
    endpoint,
  }
}
