import { parseTopic, type Envelope } from '@zcast/shared'
import type { WebChannel, WebServer } from '@zcast/shared/web'
import { NumbersHistory } from './numbers-history.ts'

/** Streams that are charted; a history takes up to 5 MB. */
const MAX_TOPICS = 16

/** The histories of all streams of numbers. */
export class LiveNumbers {
  readonly #histories = new Map<string, NumbersHistory>()
  readonly #watchers = new Set<{ topic: string; listener: () => void }>()

  /** The history of a stream, if it has one. */
  history(topic: string): NumbersHistory | undefined {
    return this.#histories.get(topic)
  }

  /** Takes arrays in; anything else is not for here. */
  add({ topic, block }: Envelope): void {
    if (block.kind !== 'numbers') return
    let history = this.#histories.get(topic)
    if (!history) {
      if (this.#histories.size >= MAX_TOPICS) return
      history = new NumbersHistory()
      this.#histories.set(topic, history)
    }
    history.add(block)
    for (const watcher of this.#watchers) if (watcher.topic === topic) watcher.listener()
  }

  /** Calls `listener` whenever something was added to a stream. @returns A function that ends it. */
  watch(topic: string, listener: () => void): () => void {
    const watcher = { topic, listener }
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }
}

/**
 * One chart in a browser. It asks with `next` and is sent whatever came since, as soon as there is something: one
 * message on its way at the most, and however long it did not ask, no more than the history holds.
 */
class ChartViewer {
  readonly #channel: WebChannel
  readonly #numbers: LiveNumbers
  readonly #topic: string
  #wanted = false
  #sent = { version: 0, generation: -1, newest: 0 }

  constructor(channel: WebChannel, numbers: LiveNumbers, topic: string) {
    this.#channel = channel
    this.#numbers = numbers
    this.#topic = topic
    channel.onClose(numbers.watch(topic, () => this.#send()))
    channel.onFlushed(() => this.#send())
    channel.onMessage((text) => {
      if (text !== 'next') return channel.close(1008)
      this.#wanted = true
      this.#send()
    })
  }

  #send(): void {
    const history = this.#numbers.history(this.#topic)
    if (!this.#wanted || !history || this.#channel.bufferedBytes > 0) return
    const { version, generation, newest } = history
    if (version === this.#sent.version) return
    // The slice that was the newest has grown since, so it goes again.
    const from = generation === this.#sent.generation ? this.#sent.newest : 0
    this.#wanted = false
    this.#sent = { version, generation, newest }
    this.#channel.send(history.encodeFrom(from))
  }
}

/** Serves numbers to charts at `/numbers?topic=...`. */
export function serveNumbers(server: WebServer, numbers: LiveNumbers): void {
  server.channel('/numbers', (channel, url) => {
    const topic = url.searchParams.get('topic') ?? ''
    if (!parseTopic(topic)) return channel.close(1008)
    void new ChartViewer(channel, numbers, topic)
  })
}
