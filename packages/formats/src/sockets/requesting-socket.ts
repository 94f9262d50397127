import { ClosedError, type Message, type PublishSocket, type SendOptions } from '@zcast/shared'
import type { RequestLink } from './request-link.ts'

/** From 500 ms on, zeromq.js prints on stderr at exit that it is waiting. */
const DEFAULT_LINGER_MS = 400

/** What a receiver that answers asks for: everything. */
const EVERYTHING = ''

/** The sending end of {@link RequestingTransport}: receivers that answer, and usual subscribers beside them. */
export class RequestingSocket implements PublishSocket {
  readonly #links: readonly RequestLink[]
  readonly #published: PublishSocket | undefined
  readonly #peerListeners: (() => void)[] = []
  readonly #listeners: ((prefix: string, subscribed: boolean) => void)[] = []
  readonly #waiters = new Set<() => void>()
  #connected = 0
  #isEverythingPublished = false
  #isClosed = false

  constructor(links: readonly RequestLink[], published: PublishSocket | undefined) {
    this.#links = links
    this.#published = published
    for (const link of links) link.onChange(() => this.#changed())
    published?.onPeers(() => this.#tellPeers())
    published?.onSubscription((prefix, subscribed) => {
      if (prefix === EVERYTHING) this.#isEverythingPublished = subscribed
      if (subscribed || prefix !== EVERYTHING || this.#connected === 0) this.#tell(prefix, subscribed)
    })
    this.#changed()
  }

  get endpoints(): readonly string[] {
    return [...(this.#published?.endpoints ?? []), ...this.#links.flatMap((link) => link.endpoints)]
  }

  get peers(): number {
    return this.#connected + (this.#published?.peers ?? 0)
  }

  onPeers(listener: () => void): void {
    this.#peerListeners.push(listener)
  }

  async send(message: Message, options: SendOptions = {}): Promise<boolean> {
    if (this.#isClosed) throw new ClosedError('the publishing socket')
    if (options.patient && !(await this.#untilRoom(options))) return false
    const isPublished = (await this.#published?.send(message, options)) ?? true
    if (options.patient && !isPublished) return false
    const isTaken = this.#links.map((link) => link.send(message))
    return isPublished && isTaken.every(Boolean)
  }

  async stuckPeers(): Promise<readonly string[]> {
    return (await this.#published?.stuckPeers()) ?? []
  }

  onSubscription(listener: (prefix: string, subscribed: boolean) => void): void {
    this.#listeners.push(listener)
    for (let link = 0; link < this.#connected; link++) listener(EVERYTHING, true)
  }

  onTold(listener: (told: Uint8Array) => void): void {
    this.#published?.onTold(listener)
  }

  async close(lingerMs = DEFAULT_LINGER_MS): Promise<void> {
    this.#isClosed = true
    for (const wake of this.#waiters) wake()
    await Promise.all([...this.#links.map((link) => link.close(lingerMs)), this.#published?.close(lingerMs)])
  }

  #changed(): void {
    const before = this.#connected
    this.#connected = this.#links.filter((link) => link.isConnected).length
    for (let more = before; more < this.#connected; more++) this.#tell(EVERYTHING, true)
    if (this.#connected === 0 && before > 0 && !this.#isEverythingPublished) this.#tell(EVERYTHING, false)
    if (this.#connected !== before) this.#tellPeers()
    for (const wake of this.#waiters) wake()
  }

  /** @returns False when the signal or the limit ended the wait. */
  async #untilRoom({ signal, limitMs }: SendOptions): Promise<boolean> {
    const endMs = performance.now() + (limitMs ?? Number.POSITIVE_INFINITY)
    while (!this.#links.every((link) => link.hasRoom)) {
      const leftMs = endMs - performance.now()
      if (signal?.aborted || leftMs <= 0) return false
      await this.#untilChange(signal, leftMs)
      if (this.#isClosed) throw new ClosedError('the publishing socket')
    }
    return true
  }

  async #untilChange(signal: AbortSignal | undefined, limitMs: number): Promise<void> {
    let wake = (): void => undefined
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      wake = resolve
      this.#waiters.add(wake)
      signal?.addEventListener('abort', wake)
      if (Number.isFinite(limitMs)) timer = setTimeout(wake, limitMs)
    })
    clearTimeout(timer)
    signal?.removeEventListener('abort', wake)
    this.#waiters.delete(wake)
  }

  #tell(prefix: string, subscribed: boolean): void {
    for (const listener of this.#listeners) listener(prefix, subscribed)
  }

  #tellPeers(): void {
    for (const listener of this.#peerListeners) listener()
  }
}
