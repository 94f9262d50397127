import { KINDS, type NatsRetention, parseTopic } from '@zcast/shared'
import { isKind } from '@zcast/shared/internal'
import { describeKeeping } from './describe-keeping.ts'
import { KeptAnswers } from './kept-answers.ts'
import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  type NatsConnection,
  StorageType,
} from './nats-library.ts'
import { SilentTopics } from './silent-topics.ts'
import { subjectOf } from './subjects.ts'

/** Topics that have a stream. */
const MAX_TOPICS = 256

const TIMEOUT_MS = 2000
const NANOSECONDS = 1e6

/** What JetStream answers when a stream has the name already, with other limits, and when one has the subject. */
const NAME_IN_USE = 10_058
const SUBJECT_IN_USE = 10_065

/** The name of the stream of a topic. */
export function streamOf(topic: string): string {
  return `zc-${topic.replace('/', '_').replaceAll('.', '~')}`
}

/**
 * The memory of the network: a stream of JetStream for each topic that is sent. Numbers, sound and words go to a file,
 * for a time or up to a size; of pictures the newest is kept, in memory.
 */
export class Retention {
  readonly #limits: NatsRetention
  readonly #onFailure: (detail: string) => void
  readonly #topics = new Map<string, Promise<void> | 'ready'>()
  readonly #answers: KeptAnswers
  readonly #silent = new SilentTopics({
    makeAgain: (topic) => this.#makeAgain(topic),
    onGoesOn: () =>
      this.#onFailure(
        'its JetStream does not say whether it keeps what is sent: is its stream one with no_ack?',
      ),
  })
  #connection: NatsConnection | undefined
  #manager: Promise<JetStreamManager> | undefined

  /** @param onFailure - Called with the reason when nothing is kept of a topic. */
  constructor(limits: NatsRetention, onFailure: (detail: string) => void) {
    this.#limits = limits
    this.#onFailure = onFailure
    this.#answers = new KeptAnswers({
      onRefused: (detail) => onFailure(`its JetStream refuses what is sent: ${detail}`),
      onAnswer: (topic) => this.#silent.answered(topic),
      onSilence: (topic, nowMs) => this.#silent.silent(topic, nowMs),
    })
  }

  /** Begins anew on another connection. */
  begin(connection: NatsConnection): void {
    this.#connection = connection
    this.#manager = undefined
    this.#topics.clear()
    this.#silent.begin()
    this.#answers.begin(connection)
  }

  /** True when a topic is to be kept, so that it is wanted whoever listens. */
  keeps(topic: string): boolean {
    const { kind, rendition } = parseTopic(topic) ?? {}
    return isKind(kind) && rendition === undefined
  }

  /** @returns `undefined` once the topic has its stream, or cannot have one; until then what to wait for. */
  ready(topic: string): Promise<void> | undefined {
    const known = this.#topics.get(topic)
    if (known === 'ready' || !this.keeps(topic) || !this.#connection) return undefined
    if (known) return known
    if (this.#topics.size >= MAX_TOPICS) return undefined
    const topics = this.#topics
    const making = this.#make(topic, this.#connection).then(
      () => void topics.set(topic, 'ready'),
      (error: unknown) => {
        topics.set(topic, 'ready')
        this.#onFailure(describeKeeping(error))
      },
    )
    topics.set(topic, making)
    return making
  }

  /** @returns Where the server is to say whether it has kept the next message of a topic; `undefined` when it need not. */
  answerTo(topic: string, nowMs: number): string | undefined {
    return this.#topics.get(topic) === 'ready' ? this.#answers.ask(topic, nowMs) : undefined
  }

  /** Sending goes on meanwhile. */
  async #makeAgain(topic: string): Promise<void> {
    const connection = this.#connection
    if (!connection || connection.isClosed()) return
    const manager = this.#manager
    try {
      await manager
    } catch {
      if (this.#manager === manager) this.#manager = undefined
    }
    try {
      await this.#make(topic, connection)
    } catch (error) {
      this.#onFailure(describeKeeping(error))
      throw error
    }
  }

  async #make(topic: string, connection: NatsConnection): Promise<void> {
    const manager = await (this.#manager ??= jetstreamManager(connection, { timeout: TIMEOUT_MS }))
    const { maxAgeMs = 0, maxBytes = -1 } = this.#limits
    const { kind } = parseTopic(topic) ?? {}
    const isNewest = isKind(kind) && KINDS[kind].isNewestFirst
    const subject = subjectOf(topic)
    const limits = { max_age: Math.round(maxAgeMs * NANOSECONDS), max_bytes: isNewest ? -1 : maxBytes }
    try {
      await manager.streams.add({
        name: streamOf(topic),
        description: 'kept by zcast --retain',
        subjects: [subject, `${subject}.*`],
        storage: isNewest ? StorageType.Memory : StorageType.File,
        discard: DiscardPolicy.Old,
        allow_direct: true,
        max_msgs_per_subject: isNewest ? 1 : -1,
        ...limits,
      })
    } catch (error) {
      const code = error instanceof JetStreamApiError ? error.code : undefined
      if (code === NAME_IN_USE) await manager.streams.update(streamOf(topic), limits)
      // Another stream keeps it already, as somebody has arranged.
      else if (code !== SUBJECT_IN_USE) throw error
    }
  }
}
