import { parseTopic } from '@zcast/shared'
import type { WebChannel } from '../server/channels/web-channel.ts'
import type { WebServer } from '../server/web-server.ts'
import { encodeSlices } from './encode-slices.ts'
import type { LiveNumbers } from './live-numbers.ts'

/**
 * The number of slices sent at once: a tenth of a history, so that charts that read nothing hold little memory in all.
 */
const MAX_SLICES = 600
/** The number of lines that a chart draws at once. */
const MAX_LINES = 32
const POSITIONS = /^positions (\d{1,7}(?:,\d{1,7}){0,31})$/

/**
 * One chart in a browser. It asks with `next` and is sent whatever came since, as soon as there is something: at most
 * one message is in flight, and however long it did not ask, it gets no more than the history holds, in pieces. With
 * `positions 0,5,190` it chooses what it draws; until then it is sent the first 32 positions.
 */
export class ChartViewer {
  readonly #channel: WebChannel
  readonly #numbers: LiveNumbers
  readonly #topic: string
  #chosen: readonly number[] | undefined
  #wanted = false
  #sent = { version: 0, generation: -1, newest: 0, positions: '' }

  constructor(channel: WebChannel, numbers: LiveNumbers, topic: string) {
    this.#channel = channel
    this.#numbers = numbers
    this.#topic = topic
    channel.onClose(numbers.watch(topic, () => this.#send()))
    channel.onFlushed(() => this.#send())
    channel.onMessage((text) => this.#answer(text))
  }

  #answer(text: string): void {
    const chosen = POSITIONS.exec(text)?.[1]
    if (chosen !== undefined) {
      this.#chosen = [...new Set(chosen.split(',').map(Number))]
      // Available data is sent again, even when nothing more comes.
      this.#sent.version = 0
    } else if (text === 'next') {
      this.#wanted = true
      this.#numbers.touch(this.#topic)
    } else return this.#channel.close(1008)
    this.#send()
  }

  #send(): void {
    const history = this.#numbers.history(this.#topic)
    if (!this.#wanted || !history || this.#channel.bufferedBytes > 0) return
    const { version, generation, oldest, newest, length } = history
    if (version === this.#sent.version && generation === this.#sent.generation) return
    const chosen = this.#chosen ?? Array.from({ length: Math.min(length, MAX_LINES) }, (_, index) => index)
    const positions = chosen.filter((position) => position < length)
    history.want(positions)
    const before = this.#sent
    const goesOn = generation === before.generation && positions.join() === before.positions
    // The slice that was the newest has grown since, so it is sent again.
    const from = Math.max(goesOn ? before.newest : 0, oldest)
    const last = Math.min(newest, from + MAX_SLICES - 1)
    this.#wanted = false
    // The rest is sent as soon as it asks again.
    const sentVersion = last < newest ? 0 : version
    this.#sent = { version: sentVersion, generation, newest: last, positions: positions.join() }
    this.#channel.send(encodeSlices(history, from, positions, last))
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
