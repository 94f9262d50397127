import {
  type Codec,
  type Log,
  MsgpackCodec,
  parseTopic,
  type PublishSocket,
  type TopicOffer,
} from '@zcast/shared'
import { Audience } from './audience.ts'
import type { BatchOptions } from './batcher.ts'
import { CountTable } from './count-table.ts'
import { DemandTable } from './demand-table.ts'
import { HoldWait } from './hold-wait.ts'
import { Lanes } from './lanes/lanes.ts'
import { FOR_FULL_QUEUES, Patience } from './patience.ts'
import type { PublisherOptions } from './publisher-options.ts'
import { Sender } from './sender.ts'
import { TopicAnswers } from './topics/topic-answers.ts'
import { TopicOffers } from './topics/topic-offers.ts'

/** The parts of a publisher that its sources and handles use. */
export interface PublisherParts {
  readonly codec: Codec
  readonly sender: Sender
  readonly audience: Audience
  /** For subscribers with a slow network; `undefined` for a lossless publisher. */
  readonly lanes: Lanes | undefined
  /** The topics that are sent now. */
  readonly offers: TopicOffers
  /** For subscribers that ask what there is; `undefined` where other programs read the messages. */
  readonly answers: TopicAnswers | undefined
  /** For subscribers that ask the publisher to wait; only for a lossless one. */
  readonly hold: HoldWait | undefined
  readonly demands: DemandTable
  readonly counts: CountTable
  readonly batch: BatchOptions | false
  readonly log: Log | undefined
  /** Ends what still runs. */
  readonly closing: AbortController
  /** True as soon as the publisher is to close: its handles still send what they have taken. */
  isClosed: boolean
}

/** Makes the parts of a publisher around its socket. */
export function makeParts(socket: PublishSocket, options: PublisherOptions): PublisherParts {
  const { batch = {}, codec = new MsgpackCodec(), delivery, log, route } = options
  const isLossless = delivery === 'all'
  const isPatient = delivery !== undefined
  const counts = new CountTable()
  const offers = new TopicOffers(() => answers?.changed())
  const answers: TopicAnswers | undefined = codec.hasLanes
    ? new TopicAnswers(
        socket,
        () => listTopics(offers, counts),
        () => route?.relays,
      )
    : undefined
  route?.onChange(() => answers?.changed())
  const demands = new DemandTable(
    (topic) =>
      codec.prefixes(topic).some((prefix) => audience.wants(prefix)) || (lanes?.wants(topic) ?? false),
  )
  const lanes: Lanes | undefined =
    isLossless || !codec.hasLanes
      ? undefined
      : new Lanes({
          socket,
          codec,
          epochs: offers.epochs,
          onOpen: (topic) => sender.serve(topic, () => demands.graceMs(topic)),
          onChange: () => {
            demands.refresh()
            audience.changed()
          },
        })
  const sender = new Sender(socket, {
    codec,
    log,
    lanes,
    offers,
    patience: isPatient ? new Patience(FOR_FULL_QUEUES) : undefined,
    waitsForPictures: isLossless,
    onSent: (bytes) => hold?.earn(bytes),
  })
  const audience = new Audience(socket, {
    onJoin: (prefix) => sender.serve(prefix, (topic) => demands.graceMs(topic)),
    onChange: () => demands.refresh(),
    others: (topics) => lanes?.count(topics) ?? 0,
    onHoldForgotten: () => hold?.tellForgotten(),
  })
  const hold = isPatient ? new HoldWait(audience, log) : undefined
  const closing = new AbortController()
  return {
    codec,
    sender,
    audience,
    lanes,
    offers,
    answers,
    hold,
    demands,
    counts,
    batch,
    log,
    closing,
    isClosed: false,
  }
}

/** What is sent, and what was left out of it. */
function listTopics(offers: TopicOffers, counts: CountTable): readonly TopicOffer[] {
  const told: TopicOffer[] = []
  for (const offer of offers.list()) {
    const stream = parseTopic(offer.topic)?.stream
    const dropped = (stream === undefined ? 0 : counts.read(stream).dropped) + (offer.dropped ?? 0)
    told.push({ ...offer, dropped })
  }
  return told
}
