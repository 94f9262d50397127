import { createInbox, type NatsConnection } from './nats-library.ts'

/** The server is asked at most this often whether it keeps what comes of a topic. */
const EVERY_MS = 1000

/** An answer that has not come by then does not come. */
const SILENT_AFTER_MS = 5000

/** Topics that are asked about. */
const MAX_TOPICS = 256

/** The events of {@link KeptAnswers}. */
export interface KeptAnswersListener {
  /** Called with the server's reason when it did not keep a message. */
  readonly onRefused: (detail: string) => void
  /** Called when nothing has answered: the stream is gone, or JetStream is. */
  readonly onSilence: (topic: string, nowMs: number) => void
  /** Called with each answer of JetStream, whatever it says. */
  readonly onAnswer: (topic: string) => void
}

interface Question {
  readonly id: number
  readonly askedAtMs: number
  isOpen: boolean
}

/**
 * Asks a server now and then whether it has kept a message: otherwise nobody hears of a full disk, of limits, or of a
 * stream that somebody has deleted.
 */
export class KeptAnswers {
  readonly #listener: KeptAnswersListener
  readonly #questions = new Map<string, Question>()
  readonly #inbox = createInbox()
  #count = 0

  constructor(listener: KeptAnswersListener) {
    this.#listener = listener
  }

  /** Begins anew on another connection. */
  begin(connection: NatsConnection): void {
    this.#questions.clear()
    connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, { subject, data }) => {
        if (!error) this.#hear(Number(subject.slice(this.#inbox.length + 1)), data)
      },
    })
  }

  /** @returns Where the server is to answer the next message of a topic; `undefined` when it need not. */
  ask(topic: string, nowMs: number): string | undefined {
    const last = this.#questions.get(topic)
    if (last?.isOpen) {
      if (nowMs - last.askedAtMs < SILENT_AFTER_MS) return undefined
      last.isOpen = false
      this.#listener.onSilence(topic, nowMs)
      return undefined
    }
    if (last ? nowMs - last.askedAtMs < EVERY_MS : this.#questions.size >= MAX_TOPICS) return undefined
    const id = (this.#count += 1)
    this.#questions.set(topic, { id, askedAtMs: nowMs, isOpen: true })
    return `${this.#inbox}.${id}`
  }

  /** Any subscriber may answer, with any bytes. */
  #hear(id: number, bytes: Uint8Array): void {
    const answer = parse(bytes)
    if (!answer) return
    for (const [topic, question] of this.#questions) {
      if (question.id !== id || !question.isOpen) continue
      question.isOpen = false
      this.#listener.onAnswer(topic)
      if (answer.refused !== undefined) this.#listener.onRefused(answer.refused)
    }
  }
}

/** @returns `undefined` for what is no answer of JetStream. */
function parse(bytes: Uint8Array): { readonly refused: string | undefined } | undefined {
  try {
    const { stream, error } = JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
    ) as { stream?: unknown; error?: { description?: unknown } }
    if (error === undefined) return typeof stream === 'string' ? { refused: undefined } : undefined
    return { refused: String(error.description).slice(0, 200) }
  } catch {
    return undefined
  }
}
