import { afterEach } from '@jest/globals'
import { Publisher, type PublisherOptions } from '@zcast/publisher'
import { MemoryTransport, type Transport } from '@zcast/shared'
import { Subscriber, type SubscriberOptions } from '@zcast/subscribers'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import type { RelayOptions } from '../../src/relay-options.ts'
import { Relay } from '../../src/relay.ts'

/** Opens publishers, relays and subscribers of one transport, and closes them after each test, the last first. */
export class Hops {
  readonly log = new RecordingLog()
  transport: Transport = new MemoryTransport()
  readonly #opened: { close(): Promise<void> }[] = []
  #names = 0

  constructor() {
    afterEach(async () => {
      for (const each of this.#opened.splice(0).toReversed()) await each.close()
      this.transport = new MemoryTransport()
    })
  }

  /** A free endpoint. */
  name(): string {
    this.#names += 1
    return `inproc://hop-${this.#names}`
  }

  async publisher(options: Partial<PublisherOptions> = {}): Promise<Publisher> {
    const { transport, log } = this
    return this.#keep(await Publisher.open({ bind: this.name(), transport, log, ...options }))
  }

  /** A relay of what some endpoints send. */
  async relay(connect: readonly string[], options: Partial<RelayOptions> = {}): Promise<Relay> {
    const { transport, log } = this
    return this.#keep(
      await Relay.open({
        from: connect.map((endpoint) => ({ connect: endpoint, transport })),
        bind: this.name(),
        transport,
        carries: 'both',
        log,
        ...options,
      }),
    )
  }

  async subscriber(
    connect: readonly string[],
    topics: readonly string[],
    options: Partial<SubscriberOptions> = {},
  ): Promise<Subscriber> {
    const { transport, log } = this
    return this.#keep(await Subscriber.open({ connect, topics, transport, log, ...options }))
  }

  #keep<Opened extends { close(): Promise<void> }>(opened: Opened): Opened {
    this.#opened.push(opened)
    return opened
  }
}
