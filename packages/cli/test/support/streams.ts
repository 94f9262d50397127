import { afterEach } from '@jest/globals'
import { Publisher, type PublisherOptions } from '@zcast/publisher'
import { Subscriber, type SubscriberOptions } from '@zcast/subscribers'
import { WatchedTransport } from '@zcast/testing/streams/watched-transport'

/** Opens publishers and subscribers over ZeroMQ on free ports, and closes them after each test. */
export class Streams {
  readonly #opened: { close(): Promise<void> }[] = []
  #transport = new WatchedTransport()

  constructor() {
    afterEach(async () => {
      await Promise.all(this.#opened.splice(0).map((end) => end.close()))
      this.#transport = new WatchedTransport()
    })
  }

  /** Opens a publisher; `endpoint` is where it listens. */
  async publish(
    options: Partial<PublisherOptions> = {},
  ): Promise<{ publisher: Publisher; endpoint: string }> {
    const publisher = await Publisher.open({
      bind: ['tcp://127.0.0.1:*'],
      expectedBytes: 100,
      transport: this.#transport,
      ...options,
    })
    this.#opened.push(publisher)
    return { publisher, endpoint: publisher.endpoints[0] as string }
  }

  /** Opens a subscriber. @returns Once a publisher knows of all its topics, unless there is none to `wait` for. */
  async subscribe(
    options: Partial<SubscriberOptions> & Pick<SubscriberOptions, 'topics'>,
    { wait = true } = {},
  ): Promise<Subscriber> {
    const before = this.#subscribed
    const subscriber = await Subscriber.open({ delivery: 'all', transport: this.#transport, ...options })
    this.#opened.push(subscriber)
    if (wait) await this.subscribed(before + options.topics.length)
    return subscriber
  }

  /** Resolves once so many subscriptions were made in this test. */
  async subscribed(count: number): Promise<void> {
    await this.#transport.subscriptions.until(() => this.#subscribed >= count)
  }

  /** What publishers were told in this test: `+video/main`, and `-video/main` when the last one has ended. */
  get subscriptions(): readonly string[] {
    return this.#transport.subscriptions.seen
  }

  get #subscribed(): number {
    return this.#transport.subscriptions.seen.filter((change) => change.startsWith('+')).length
  }
}
