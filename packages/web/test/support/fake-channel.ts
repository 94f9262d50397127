import type { WebChannel } from '../../src/server/channels/web-channel.ts'

/** A channel whose other end is the test. */
export class FakeChannel implements WebChannel {
  onBinary(): void {}

  bufferedBytes = 0
  maxInFlight = Number.POSITIVE_INFINITY
  readonly sent: (Uint8Array | string)[] = []
  closedWith: number | undefined
  #onMessage: (text: string) => void = () => {}
  #onFlushed: () => void = () => {}
  readonly #onClose = new Set<() => void>()

  send(message: Uint8Array | string): void {
    this.sent.push(message)
  }
  onMessage(listener: (text: string) => void): void {
    this.#onMessage = listener
  }
  onFlushed(listener: () => void): void {
    this.#onFlushed = listener
  }
  onClose(listener: () => void): void {
    this.#onClose.add(listener)
  }
  close(code = 1000): void {
    this.closedWith = code
    this.#end()
  }
  terminate(): void {
    this.#end()
  }
  /** Says something, as the browser would. */
  say(text: string): void {
    this.#onMessage(text)
  }
  /** Has everything accepted by the system. */
  flush(): void {
    this.bufferedBytes = 0
    this.#onFlushed()
  }
  /** The sequence numbers of the pictures that were sent. */
  get pictures(): number[] {
    const binary = this.sent.filter((message) => typeof message !== 'string')
    return binary.map((message) => new DataView(message.buffer).getFloat64(24, true))
  }

  #end(): void {
    for (const listener of this.#onClose) listener()
  }
}
