import type { WebChannel } from '@zcast/web/internal'
import type { Channel } from '../channels/channel.ts'
import type { ChannelChange } from '../channels/channel-list.ts'
import { OutgoingQueue } from './outgoing-queue.ts'
import { readRequest, type SubscriptionRequest } from './read-request.ts'

/** What a client needs of its server. */
export interface ClientSurroundings {
  /** Drawn at random when the server was opened: by another one, a client knows that it was started again. */
  readonly sessionId: string
  channels(): ReadonlyMap<number, Channel>
  /** Told when a message was left out: the client takes less than it has subscribed to. */
  onSlow(): void
}

/** The levels of `status` messages. */
const WARNING = 1
const ERROR = 2

/** More channels than there are. */
const MAX_SUBSCRIPTIONS = 1024
/** Messages that cannot be used, after which a client is given up. */
const MAX_FAULTS = 100
/** Answers to a client that does not read them are left out. */
const MAX_ANSWER_BYTES = 64 * 1024

interface Subscription {
  readonly channelId: number
  readonly end: () => void
}

/** One connected program: tells it the channels, and sends it those that it has subscribed to. */
export class FoxgloveClient {
  readonly #channel: WebChannel
  readonly #surroundings: ClientSurroundings
  readonly #queue: OutgoingQueue
  readonly #subscriptions = new Map<number, Subscription>()
  #faults = 0
  #toldLeftOut = 0

  constructor(channel: WebChannel, surroundings: ClientSurroundings) {
    this.#channel = channel
    this.#surroundings = surroundings
    this.#queue = new OutgoingQueue(channel)
    channel.onMessage((text) => this.#take(text))
    channel.onBinary(() => this.#fault('binary messages are not supported here'))
    channel.onFlushed(() => this.#flush())
    channel.onClose(() => this.#endAll())
    const { sessionId } = surroundings
    this.#say({ op: 'serverInfo', name: 'zcast', capabilities: [], metadata: {}, sessionId })
    const channels = [...surroundings.channels().values()]
    if (channels.length > 0) this.#advertise(channels)
  }

  /** Messages sent to it. */
  get sent(): number {
    return this.#queue.sent
  }

  /** Messages left out, because it took less. */
  get leftOut(): number {
    return this.#queue.leftOut
  }

  /** Tells it what channels are new or gone. */
  changed({ added, removed }: ChannelChange): void {
    for (const [id, { channelId }] of this.#subscriptions) if (removed.includes(channelId)) this.#end(id)
    if (removed.length > 0) this.#say({ op: 'unadvertise', channelIds: removed })
    if (added.length > 0) this.#advertise(added)
  }

  #take(text: string): void {
    const request = readRequest(text)
    if ('fault' in request) this.#fault(request.fault)
    else if (request.op === 'subscribe') for (const one of request.subscriptions) this.#subscribe(one)
    else if (request.op === 'unsubscribe')
      for (const id of request.subscriptionIds) {
        // Its channel may be gone, which the client has not read yet.
        this.#end(id)
      }
    else this.#answer(WARNING, `${request.name} is not supported here: zcast only sends`)
  }

  #subscribe({ id, channelId }: SubscriptionRequest): void {
    const channel = this.#surroundings.channels().get(channelId)
    if (!channel) return this.#answer(WARNING, `there is no channel ${channelId}`)
    if (this.#subscriptions.has(id)) return this.#fault(`subscription ${id} exists already`)
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS)
      return this.#fault(`a client may have ${MAX_SUBSCRIPTIONS} subscriptions`)
    const { tap, isNewestFirst } = channel
    const end = tap.add((message) => {
      const before = this.#queue.leftOut
      this.#queue.push(message, id, isNewestFirst)
      if (this.#queue.leftOut > before) this.#surroundings.onSlow()
    })
    this.#subscriptions.set(id, { channelId, end })
  }

  #end(id: number): void {
    this.#subscriptions.get(id)?.end()
    this.#subscriptions.delete(id)
    this.#queue.forget(id)
  }

  #endAll(): void {
    for (const { end } of this.#subscriptions.values()) end()
    this.#subscriptions.clear()
  }

  /** A client that has caught up is told what it has missed. */
  #flush(): void {
    this.#queue.pump()
    const missed = this.#queue.leftOut - this.#toldLeftOut
    // What is still on its way ends with another call.
    if (missed === 0 || !this.#queue.isEmpty || !this.#takesAnswers) return
    this.#toldLeftOut += missed
    // However much is on its way: it has taken all that waited, and the loss is told once.
    const message = `${missed} messages were left out: this client takes less than it has subscribed to`
    this.#say({ op: 'status', level: WARNING, message })
  }

  #fault(message: string): void {
    this.#faults += 1
    if (this.#faults > MAX_FAULTS) this.#channel.close(1008)
    else this.#answer(ERROR, message)
  }

  #answer(level: number, message: string): void {
    if (this.#takesAnswers) this.#say({ op: 'status', level, message })
  }

  get #takesAnswers(): boolean {
    return this.#channel.bufferedBytes < MAX_ANSWER_BYTES
  }

  #advertise(channels: readonly Channel[]): void {
    this.#say({ op: 'advertise', channels: channels.map(({ advertisement }) => advertisement) })
  }

  #say(message: object): void {
    this.#channel.send(JSON.stringify(message))
  }
}
