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
import { isSubjectOf, isWhole, subjectOf, subjectsOf } from './subjects.ts'
import { untilIdle } from './until-idle.ts'

const TIMEOUT_MS = 2000

/**
 * A read without a message for so long has ended: what it still waits for may have expired or been deleted meanwhile,
 * and until it ends nothing of now is delivered.
 */
const IDLE_MS = 3000

/** Streams of one subscription that are read. */
const MAX_STREAMS = 256

/** What a message of the past and one of now have in common. */
export interface KeptMessage extends Pick<Msg, 'subject' | 'data'> {
  readonly headers?: MsgHdrs | undefined
}

/**
 * Reads what streams of JetStream have kept of a topic or a kind, from a moment on, in the order of each stream, or the
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

  /** Reads up to what is there now. Never rejects. */
  async read(connection: NatsConnection, prefix: string): Promise<void> {
    try {
      const manager = await jetstreamManager(connection, { timeout: TIMEOUT_MS })
      const subject = isWhole(prefix) ? `${subjectOf(prefix.slice(0, -1))}.>` : subjectOf(prefix)
      const names: string[] = []
      for await (const name of manager.streams.names(subject))
        if (names.length < MAX_STREAMS) names.push(name)
      if (names.length === 0) this.#onFailure(`it has no stream of ${prefix}; publish it with --retain`)
      for (const name of names) await this.#readStream(connection, manager, name, prefix)
    } catch (error) {
      if (!connection.isClosed()) this.#onFailure(describeKeeping(error))
    }
  }

  async #readStream(
    connection: NatsConnection,
    manager: JetStreamManager,
    name: string,
    prefix: string,
  ): Promise<void> {
    const { config } = await manager.streams.info(name)
    const isWanted = (subject: string): boolean => isSubjectOf(subject, prefix)
    // Servers before 2.10 take one filter, and a topic with large messages in parts has two subjects: of a stream with
    // other topics its whole kind is read.
    const [filter = ''] = subjectsOf(prefix.slice(0, prefix.indexOf('/') + 1))
    const consumer = await jetstream(connection, { timeout: TIMEOUT_MS }).consumers.get(name, {
      ...(!config.subjects.every(isWanted) && { filter_subjects: filter }),
      ...(this.#from
        ? { deliver_policy: DeliverPolicy.StartTime, opt_start_time: this.#from.toISOString() }
        : { deliver_policy: DeliverPolicy.LastPerSubject }),
    })
    const { num_pending: pending } = await consumer.info()
    if (pending === 0) return
    const messages = await consumer.consume()
    void connection.closed().then(() => messages.close())
    for await (const message of untilIdle(messages, IDLE_MS)) {
      if (isWanted(message.subject)) this.#onMessage(message)
      if (message.info.pending === 0) break
    }
  }
}
