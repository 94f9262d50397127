import { describeKeeping } from './describe-keeping.ts'
import {
  DeliverPolicy,
  jetstream,
  jetstreamManager,
  type JetStreamManager,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
} from './nats-library.ts'
import { pastFilters } from './past-filters.ts'
import { isSubjectOf, isWhole, subjectOf } from './subjects.ts'
import { untilIdle } from './until-idle.ts'

const TIMEOUT_MS = 2000

/**
 * A read without a message for so long has ended: what it still waits for may have expired or been deleted meanwhile,
 * and until it ends nothing of now is delivered.
 */
const IDLE_MS = 3000

/** Streams of one subscription that are read, and how many at once. */
const MAX_STREAMS = 256
const AT_ONCE = 8

/** What a message of the past and one of now have in common. */
export interface KeptMessage extends Pick<Msg, 'subject' | 'data'> {
  readonly headers?: MsgHdrs | undefined
}

/**
 * Reads what streams of JetStream have kept of topics and kinds, from a moment on, in the order of each stream, or the
 * newest of each topic.
 */
export class PastReader {
  readonly #from: Date | undefined
  readonly #onMessage: (message: KeptMessage) => void
  readonly #onFailure: (detail: string) => void

  /**
   * @param from - The moment; `undefined` for the newest of each topic.
   * @param onFailure - Called with the reason when nothing can be read.
   */
  constructor(
    from: Date | undefined,
    onMessage: (message: KeptMessage) => void,
    onFailure: (detail: string) => void,
  ) {
    this.#from = from
    this.#onMessage = onMessage
    this.#onFailure = onFailure
  }

  /** Reads up to what is there now, each stream once. Never rejects. */
  async read(connection: NatsConnection, prefixes: readonly string[]): Promise<void> {
    try {
      const manager = await jetstreamManager(connection, { timeout: TIMEOUT_MS })
      const streams = [...(await this.#findStreams(manager, prefixes))]
      const readRest = async (): Promise<void> => {
        for (let next = streams.shift(); next; next = streams.shift())
          await this.#readStream(connection, manager, ...next)
      }
      await Promise.all(Array.from({ length: AT_ONCE }, readRest))
    } catch (error) {
      this.#fail(connection, error)
    }
  }

  /** @returns The streams, with the prefixes that each has something of. */
  async #findStreams(
    manager: JetStreamManager,
    prefixes: readonly string[],
  ): Promise<ReadonlyMap<string, string[]>> {
    const streams = new Map<string, string[]>()
    for (const prefix of prefixes) {
      const subject = isWhole(prefix) ? `${subjectOf(prefix.slice(0, -1))}.>` : subjectOf(prefix)
      let isThere = false
      for await (const name of manager.streams.names(subject)) {
        isThere = true
        const known = streams.get(name)
        if (known) known.push(prefix)
        else if (streams.size < MAX_STREAMS) streams.set(name, [prefix])
      }
      if (!isThere) this.#onFailure(`it has no stream of ${prefix}; publish it with --retain`)
    }
    return streams
  }

  async #readStream(
    connection: NatsConnection,
    manager: JetStreamManager,
    name: string,
    prefixes: readonly string[],
  ): Promise<void> {
    try {
      const { config } = await manager.streams.info(name)
      const filters = pastFilters(prefixes, config.subjects, connection.info?.version)
      const consumer = await jetstream(connection, { timeout: TIMEOUT_MS }).consumers.get(name, {
        ...(filters !== undefined && { filter_subjects: filters }),
        ...(this.#from
          ? { deliver_policy: DeliverPolicy.StartTime, opt_start_time: this.#from.toISOString() }
          : { deliver_policy: DeliverPolicy.LastPerSubject }),
      })
      const { num_pending: pending } = await consumer.info()
      if (pending === 0) return
      const messages = await consumer.consume()
      void connection.closed().then(() => messages.close())
      for await (const message of untilIdle(messages, IDLE_MS)) {
        if (prefixes.some((prefix) => isSubjectOf(message.subject, prefix))) this.#onMessage(message)
        if (message.info.pending === 0) break
      }
    } catch (error) {
      this.#fail(connection, error)
    }
  }

  #fail(connection: NatsConnection, error: unknown): void {
    if (!connection.isClosed()) this.#onFailure(describeKeeping(error))
  }
}
