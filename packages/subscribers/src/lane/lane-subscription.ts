import type { Envelope, SubscribeSocket } from '@zcast/shared'
import { formatLaneRequest, laneTopic } from '@zcast/shared/internal'
import { LanePatience } from './lane-patience.ts'
import { laneToken, LaneTopic, type OnNetwork } from './lane-topic.ts'

/** The time to wait for an answer. A later answer is still accepted. */
const ANSWER_MS = 300

/**
 * The same when the publisher is known to have lanes: data queued before the answer on a slow network is no reason to
 * subscribe to more.
 */
const KNOWN_ANSWER_MS = 2000

/** The number of lanes of one subscription; with more topics, it stays subscribed to the topics. */
const MAX_TOPICS = 16

/** The time for which a topic that found no room among them counts. */
const CROWDED_MS = 5000

const LOOK_MS = 500

/** On lanes a subscriber does not learn of new streams of a kind, unless it asks again. */
const ASK_AGAIN_MS = 2000

/** Options of {@link LaneSubscription}. */
export interface LaneSubscriptionOptions {
  readonly socket: SubscribeSocket
  /** True when lanes are requested before anything else. Only with a single publisher, since others may have none. */
  readonly startsOnLanes: boolean
  /**
   * True when a server is between this end and publishers, which may say nothing of themselves: what is not on a lane is
   * subscribed to all the same, and exchanged for lanes when a publisher is there. Default false.
   */
  readonly hasServer?: boolean
  /**
   * True for a subscriber that wants every picture, however old: on a lane it would get only as many as it acknowledges in
   * time. It never leaves the topics. Default false.
   */
  readonly staysOnTopics?: boolean
  readonly onNetwork: OnNetwork
}

/**
 * - `off`: nothing is subscribed to.
 * - `asking`: lanes are requested, before anything is subscribed to.
 * - `topics`: the topics are subscribed to.
 * - `lanes`: the topics are not subscribed to, since each has a lane.
 */
type Mode = 'off' | 'asking' | 'topics' | 'lanes'

/**
 * The subscription to a topic of pictures or to a whole kind, which can be exchanged for a lane per topic: there a
 * picture is sent once an earlier one was acknowledged, so that none grows old on the way. It is exchanged while the
 * network is slower than a stream; when that is likely, it starts with lanes, and keeps them while there is room.
 */
export class LaneSubscription {
  /** A topic, or a whole kind. */
  readonly subscription: string
  readonly #options: LaneSubscriptionOptions
  readonly #socket: SubscribeSocket
  readonly #topics = new Map<string, LaneTopic>()
  readonly #patience = new LanePatience()
  #mode: Mode = 'off'
  /** The name of the lanes, while their answers and pictures are subscribed to. */
  #name: string | undefined
  /** True when lanes are to be tried once, whether the network is slow or not. */
  #isTrial = false
  /** True when the publishers that are there were asked for lanes. */
  #hasAsked = false
  #crowdedAtMs = Number.NEGATIVE_INFINITY
  #askedAtMs = 0
  #answerTimer: NodeJS.Timeout | undefined
  #lookTimer: NodeJS.Timeout | undefined

  constructor(subscription: string, options: LaneSubscriptionOptions) {
    this.subscription = subscription
    this.#options = options
    this.#socket = options.socket
  }

  /** True when these are the lanes of this subscription. */
  hasLanes(name: string): boolean {
    return name === this.#name
  }

  /**
   * Subscribes.
   *
   * @param isConnected - True when the publisher is connected: only then can it be asked for lanes.
   * @param isKnown - True when it is known to have lanes, and answers however long the path is. Default false.
   */
  start(isConnected: boolean, isKnown = false): void {
    const { startsOnLanes, hasServer, staysOnTopics } = this.#options
    if (staysOnTopics) return this.#mode === 'off' ? this.#toTopics() : undefined
    if (this.#mode === 'topics' && hasServer && startsOnLanes && isConnected && !this.#hasAsked)
      return this.#try()
    if (this.#mode !== 'off') return
    if (!startsOnLanes && !(isConnected && isKnown)) return this.#toTopics()
    if (!isConnected) return hasServer ? this.#toTopics() : undefined
    this.#hasAsked = true
    this.#isTrial = true
    this.#mode = 'asking'
    this.#ask()
    this.#answerTimer = setTimeout(() => this.#subscribe(), isKnown ? KNOWN_ANSWER_MS : ANSWER_MS)
  }

  /** Asks for lanes, while it is subscribed to the topics. */
  #try(): void {
    this.#hasAsked = true
    this.#ask()
  }

  /** Cancels the subscriptions. */
  stop(): void {
    this.#hasAsked = false
    if (this.#mode === 'off') return
    if (this.#mode === 'topics') this.#socket.unsubscribe(this.subscription)
    this.#leaveLanes()
    this.#mode = 'off'
  }

  /** Notes that publishers have gone: those that come may have no lanes. */
  disconnected(): void {
    if (this.#options.startsOnLanes) this.stop()
    else this.turnBack()
  }

  /** Returns to the topics, if it is on lanes. */
  turnBack(): void {
    if (this.#mode === 'lanes') this.#toTopics()
  }

  /**
   * Notes a picture: see {@link LaneTopic.arrived}. @param lane - The name of the lane it came on; `undefined` for the
   * topic.
   */
  arrived(envelope: Envelope, lane: string | undefined, isShared: boolean): void {
    if (envelope.retained || this.#mode === 'off') return
    const topic = this.#topic(envelope.topic)
    if (!topic) return
    const onLane = lane !== undefined && this.hasLanes(lane)
    topic.arrived(envelope, onLane, isShared)
    const nowMs = performance.now()
    if (this.#mode === 'topics') {
      if (this.#options.staysOnTopics || !this.#isOffered(nowMs)) return
      if (this.#isTrial) {
        this.#isTrial = false
        this.#ask()
      } else if (topic.isSlow && this.#patience.mayAsk(nowMs)) {
        this.#toLanes((name) => {
          for (const each of this.#topics.values()) if (!each.isSilent(nowMs)) each.open(name)
        })
      }
    } else if (isShared) this.#giveUp(nowMs)
    else if (onLane) {
      const isWell = [...this.#topics.values()].every((each) => each.isWell)
      // While there is room, a lane costs little, and notices at once when the network slows down.
      if (this.#patience.heard(isWell, nowMs) && envelope.lanes !== true) {
        this.#patience.left(nowMs)
        this.#toTopics()
      }
    }
  }

  /** Notes a publisher's answer whether there is a lane for a topic. */
  answered({ topic, epoch, lanes }: Envelope, lane: string): void {
    if (lane !== this.#name || this.#mode === 'off') return
    if (!lanes) {
      this.#isTrial = false
      if (this.#mode === 'asking') this.#subscribe()
      return
    }
    const own = this.#topic(topic)
    if (!own) return this.#giveUp(performance.now())
    if (this.#mode === 'lanes') own.open(this.#name, epoch)
    else this.#toLanes((name) => own.open(name, epoch))
  }

  /** Stops all timers. */
  close(): void {
    clearTimeout(this.#answerTimer)
    clearInterval(this.#lookTimer)
  }

  #topic(name: string): LaneTopic | undefined {
    const known = this.#topics.get(name)
    if (known) return known
    const nowMs = performance.now()
    if (this.#topics.size >= MAX_TOPICS) this.#forgetSilent(nowMs)
    if (this.#topics.size >= MAX_TOPICS) {
      this.#crowdedAtMs = nowMs
      return undefined
    }
    const topic = new LaneTopic(name, this.#socket, this.#options.onNetwork)
    this.#topics.set(name, topic)
    return topic
  }

  /** True when there is a lane for every topic that comes. */
  #isOffered(nowMs: number): boolean {
    if (nowMs - this.#crowdedAtMs < CROWDED_MS) return false
    for (const topic of this.#topics.values()) if (!topic.isOffered && !topic.isSilent(nowMs)) return false
    return true
  }

  #ask(): void {
    this.#askedAtMs = performance.now()
    const name = this.#lane()
    this.#socket.tell(formatLaneRequest({ type: 'ask', name, subscription: this.subscription }))
  }

  /** Returns the name of the lanes, after subscribing to it. */
  #lane(): string {
    if (this.#name === undefined) {
      this.#name = laneToken()
      this.#socket.subscribe(laneTopic(this.#name))
    }
    return this.#name
  }

  /** Subscribes without an answer, which may still come. */
  #subscribe(): void {
    clearTimeout(this.#answerTimer)
    this.#socket.subscribe(this.subscription)
    this.#mode = 'topics'
  }

  /** @param open - Asks for the lanes of this name. */
  #toLanes(open: (name: string) => void): void {
    clearTimeout(this.#answerTimer)
    this.#patience.asked(performance.now())
    // Before the topic is left: a relay that nobody asks for it, if only for a moment, leaves its own lane.
    open(this.#lane())
    // At once: anything the publisher still sends to the topic would take the lane's place on the way.
    if (this.#mode === 'topics') this.#socket.unsubscribe(this.subscription)
    this.#isTrial = false
    this.#mode = 'lanes'
    this.#lookTimer = setInterval(() => this.#look(), LOOK_MS).unref()
  }

  #toTopics(): void {
    // Before the lanes end, so that nothing is missed in between.
    this.#socket.subscribe(this.subscription)
    this.#leaveLanes()
    this.#mode = 'topics'
  }

  #leaveLanes(): void {
    this.close()
    this.#isTrial = false
    for (const topic of this.#topics.values()) topic.end()
    if (this.#name === undefined) return
    this.#socket.unsubscribe(laneTopic(this.#name))
    this.#name = undefined
  }

  /** Returns to the topics, and does not ask again soon. */
  #giveUp(nowMs: number): void {
    this.#patience.refused(nowMs)
    if (this.#mode === 'asking') this.#subscribe()
    this.turnBack()
  }

  #look(): void {
    const nowMs = performance.now()
    const onLanes = [...this.#topics.values()].filter(({ isOnLane }) => isOnLane)
    if (onLanes.every((topic) => topic.isSilent(nowMs))) {
      if (onLanes.every(({ hasCome }) => !hasCome)) this.#patience.refused(nowMs)
      return this.#toTopics()
    }
    if (!this.subscription.endsWith('/')) return
    this.#forgetSilent(nowMs)
    if (nowMs - this.#askedAtMs >= ASK_AGAIN_MS) this.#ask()
  }

  #forgetSilent(nowMs: number): void {
    for (const [name, topic] of this.#topics) {
      if (!topic.isSilent(nowMs)) continue
      topic.end()
      this.#topics.delete(name)
    }
  }
}
