import { afterEach } from '@jest/globals'
import type { BlockKind, TopicOffer } from '@zcast/shared'
import { encodeTopicList } from '@zcast/shared/internal'
import { Subscriber } from '@zcast/subscribers'
import { TopicWatch, type TopicWatchOptions } from '@zcast/subscribers/topics'
import { RawPublisher } from '@zcast/testing/streams/raw-publisher'
import { Recorder } from '@zcast/testing/waiting/recorder'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { FoxgloveServer, type FoxgloveServerOptions } from '../../src/foxglove-server.ts'
import { FoxgloveProgram } from '@zcast/testing/network/foxglove-program'

/** A publisher that says what it has, and whose subscriptions a test can see. */
export class AnsweringPublisher {
  readonly raw: RawPublisher
  /** `+video/main` and `-video/main`; questions are left out. */
  readonly subscriptions = new Recorder<string>()
  topics: readonly string[]

  static async open(...topics: string[]): Promise<AnsweringPublisher> {
    return new AnsweringPublisher(await RawPublisher.open(), topics)
  }

  private constructor(raw: RawPublisher, topics: readonly string[]) {
    this.raw = raw
    this.topics = topics
    void this.#answer()
  }

  async #answer(): Promise<void> {
    try {
      for (;;) {
        const subscription = await this.raw.nextSubscription()
        if (!subscription.slice(1).startsWith('!topics')) this.subscriptions.add(subscription)
        else if (subscription.startsWith('+')) {
          const list = { time: Date.now() / 1000, publisher: 1, topics: this.topics.map(offerOf) }
          for (const message of encodeTopicList(subscription.slice(1), list)) await this.raw.send(...message)
        }
      }
    } catch {
      // It was closed.
    }
  }
}

function offerOf(topic: string): TopicOffer {
  const kind = topic.split(/[@/]/)[0] as BlockKind
  return { topic, kind, epoch: 1, sent: 0, perSecond: 0, messagesPerSecond: 0, bytesPerSecond: 0 }
}

/** A server, and programs that connect to it. */
export interface Served {
  readonly server: FoxgloveServer
  readonly log: RecordingLog
  readonly program: (subprotocol?: string) => FoxgloveProgram
}

/** What is served, beside the options of a server. */
export interface ServeOptions extends Partial<FoxgloveServerOptions> {
  readonly connect: readonly string[]
  readonly watch?: Partial<TopicWatchOptions>
}

/** Serves endpoints, and closes everything after each test. */
export function useServer(): (options: ServeOptions) => Promise<Served> {
  const closing: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close()
  })
  return async ({ connect, watch: watchOptions, ...options }) => {
    const watch = await TopicWatch.open({ connect, askEveryMs: 200, lookMs: 500, ...watchOptions })
    closing.push(() => watch.close())
    const server = new FoxgloveServer({
      port: 0,
      openSubscriber: ({ topic, endpoints }) => Subscriber.open({ connect: [...endpoints], topics: [topic] }),
      ...options,
    })
    closing.push(() => server.close())
    const log = new RecordingLog()
    await server.listen(watch, log)
    return {
      server,
      log,
      program: (subprotocol = 'foxglove.sdk.v1') => {
        const program = new FoxgloveProgram(server.address, subprotocol)
        closing.push(() => program.close())
        return program
      },
    }
  }
}

/** Opens publishers that are closed after each test. */
export function useAnsweringPublisher(): (...topics: string[]) => Promise<AnsweringPublisher> {
  const opened: AnsweringPublisher[] = []
  afterEach(() => {
    for (const { raw } of opened.splice(0)) raw.close()
  })
  return async (...topics) => {
    const publisher = await AnsweringPublisher.open(...topics)
    opened.push(publisher)
    return publisher
  }
}
