import type { Log, Message, PublishSocket } from '@zcast/shared'
import { describeHeldBack, HeldBack } from './held-back.ts'
import { messageSize } from './message-size.ts'
import type { Patience } from './patience.ts'

/** What became of a message: sent to all, missed by some subscriber, or given up before it was sent. */
export type Outcome = 'sent' | 'missed' | 'given-up'

/** Options of {@link PatientSender}. */
export interface PatientSenderOptions {
  readonly log: Log | undefined
  /** The limits on waiting for the slowest subscriber. */
  readonly patience: Patience
  /** Called with the size of each message that was sent. */
  readonly onSent: ((bytes: number) => void) | undefined
}

/** A shorter wait for a slow subscriber is not reported. */
const WORTH_A_WORD_MS = 100

/** After this time the slow subscriber is identified, and again until it is known. */
const WORTH_A_LOOK_MS = 1000

/** Sends messages that nobody may lose: waits for the slowest subscriber within limits, and says how long that takes. */
export class PatientSender {
  readonly #socket: PublishSocket
  readonly #options: PatientSenderOptions
  /** Per topic. */
  readonly #heldBack = new Map<string, HeldBack>()
  /** Topics that were reported as held back. */
  readonly #toldHeldBack = new Set<string>()
  #closed = false

  constructor(socket: PublishSocket, options: PatientSenderOptions) {
    this.#socket = socket
    this.#options = options
  }

  /** Milliseconds for which it may still wait. */
  get leftMs(): number {
    return this.#options.patience.leftMs
  }

  /** Sends a message to every subscriber, or at least to those that have room; gives it up when the signal aborts. */
  async send(message: Message, topic: string, signal: AbortSignal): Promise<Outcome> {
    const { patience, onSent } = this.#options
    const { peers } = this.#socket
    const startedMs = performance.now()
    let [isSent, waitedMs] = [false, 0]
    let stuck: readonly string[] = []
    for (;;) {
      const leftMs = patience.leftMs - waitedMs
      const limitMs = Math.min(Math.max(leftMs, 0), WORTH_A_LOOK_MS)
      isSent = await this.#socket.send(message, { patient: true, signal, limitMs })
      waitedMs = performance.now() - startedMs
      if (isSent || signal.aborted || leftMs <= WORTH_A_LOOK_MS) break
      if (stuck.length === 0) stuck = await this.#socket.stuckPeers()
    }
    const who = `a subscriber of ${topic}${stuck.length > 0 ? ` (${stuck.join(', ')})` : ''}`
    const isUsedUp = waitedMs >= 1 && patience.spend(waitedMs)
    if (isUsedUp) {
      this.#warn(
        `${who} read too slowly and held up the others for 30 s: no longer waiting for it`,
        'given up',
      )
    } else if (isSent && waitedMs >= WORTH_A_WORD_MS) {
      const seconds = (waitedMs / 1000).toFixed(1)
      this.#warnIfGone(peers, `${who} read nothing, held up the others for ${seconds} s, and was cut off`)
    }
    const bytes = messageSize(message)
    if (isSent) this.#tellHeldBack(topic, bytes, waitedMs)
    else if (signal.aborted) return 'given-up'
    else await this.#socket.send(message)
    patience.earn(bytes)
    onSent?.(bytes)
    return isSent ? 'sent' : 'missed'
  }

  /** Forgets a topic that has ended. */
  forget(topic: string): void {
    this.#heldBack.delete(topic)
    this.#toldHeldBack.delete(topic)
  }

  /** Says no more of its subscribers, which are about to be disconnected. */
  close(): void {
    this.#closed = true
  }

  #tellHeldBack(topic: string, bytes: number, waitedMs: number): void {
    const nowMs = performance.now()
    const heldBack = this.#heldBack.get(topic) ?? new HeldBack(nowMs - waitedMs)
    this.#heldBack.set(topic, heldBack)
    const reading = heldBack.sent(bytes, waitedMs, nowMs)
    const { peers } = this.#socket
    if (!reading || this.#toldHeldBack.has(topic)) return
    setTimeout(() => {
      // A subscriber that read nothing and was cut off says nothing about the network.
      if (this.#closed || this.#socket.peers < peers || this.#toldHeldBack.has(topic)) return
      this.#toldHeldBack.add(topic)
      this.#warn(describeHeldBack(topic, reading), `held back ${topic}`)
    }, WORTH_A_WORD_MS).unref()
  }

  /** ZeroMQ reports that a peer is gone a little after it has stopped waiting for it. */
  #warnIfGone(peers: number, text: string): void {
    setTimeout(() => {
      if (!this.#closed && this.#socket.peers < peers) this.#warn(text, 'cut off')
    }, WORTH_A_WORD_MS).unref()
  }

  #warn(text: string, key: string): void {
    this.#options.log?.warning(text, undefined, key)
  }
}
