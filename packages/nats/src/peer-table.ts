import { HOLD_PREFIX } from '@zcast/shared/internal'
import { isWhole } from './subjects.ts'
import { FORGET_AFTER_MS, type Wish } from './wish.ts'

/** Subscribers that are remembered; further ones are not counted, and what they want is sent as long as others want it. */
const MAX_PEERS = 20_000

/** Prefixes of all of them that are remembered. */
const MAX_PREFIXES = 200_000

interface Peer {
  heardAtMs: number
  prefixes: ReadonlySet<string>
}

/** The events of a {@link PeerTable}. */
export interface PeerListener {
  readonly onSubscription: (prefix: string, subscribed: boolean) => void
  readonly onPeers: () => void
}

/** The subscribers that a publisher has heard of, and what they want. NATS itself does not tell. */
export class PeerTable {
  readonly #listener: PeerListener
  readonly #peers = new Map<string, Peer>()
  /** Those that have more than they can take: few, if any, and looked through for each message. */
  readonly #full = new Set<string>()
  /** How many want each prefix. */
  readonly #wanted = new Map<string, number>()
  #size = 0

  constructor(listener: PeerListener) {
    this.#listener = listener
  }

  /** The number of subscribers. */
  get count(): number {
    return this.#peers.size
  }

  /** Takes what a subscriber says. */
  heard(id: string, { want, again = [], full = false, gone = false }: Wish, nowMs: number): void {
    if (gone) return this.#remove(id)
    const known = this.#peers.get(id)
    if (!known && this.#peers.size >= MAX_PEERS) return
    const before = known?.prefixes ?? new Set<string>()
    const prefixes = new Set(want)
    if (this.#size + prefixes.size - before.size > MAX_PREFIXES) return
    this.#size += prefixes.size - before.size
    this.#peers.set(id, { heardAtMs: nowMs, prefixes })
    if (full) this.#full.add(id)
    else this.#full.delete(id)
    if (!known) this.#listener.onPeers()
    const repeated = new Set(again)
    for (const prefix of prefixes) {
      const isNew = !before.has(prefix)
      if (isNew) this.#wanted.set(prefix, (this.#wanted.get(prefix) ?? 0) + 1)
      // A request to wait is one for the next seconds.
      if (isNew || repeated.has(prefix) || prefix === HOLD_PREFIX) this.#listener.onSubscription(prefix, true)
    }
    for (const prefix of before) if (!prefixes.has(prefix)) this.#end(prefix)
  }

  /** Forgets those that have not been heard of. */
  forget(nowMs: number): void {
    for (const [id, { heardAtMs }] of this.#peers) if (nowMs - heardAtMs > FORGET_AFTER_MS) this.#remove(id)
  }

  /** Takes all for heard just now: none could be while there was no server. */
  extend(nowMs: number): void {
    for (const peer of this.#peers.values()) peer.heardAtMs = nowMs
  }

  /** True when somebody wants a topic. */
  wants(topic: string): boolean {
    for (let length = 0; length <= topic.length; length++)
      if (this.#wanted.has(topic.slice(0, length))) return true
    return false
  }

  /** The wanted prefixes that end within a name of a topic: `video/cam` and `v` for `video/cam1`. */
  beginnings(topic: string): readonly string[] {
    const found: string[] = []
    for (let length = 1; length < topic.length; length++) {
      const prefix = topic.slice(0, length)
      if (this.#wanted.has(prefix) && !isWhole(prefix)) found.push(prefix)
    }
    return found
  }

  /** True when somebody who wants a topic has more than it can take. */
  isFull(topic: string): boolean {
    for (const id of this.#full)
      for (const prefix of this.#peers.get(id)?.prefixes ?? []) if (topic.startsWith(prefix)) return true
    return false
  }

  #remove(id: string): void {
    const peer = this.#peers.get(id)
    if (!peer) return
    this.#peers.delete(id)
    this.#full.delete(id)
    this.#size -= peer.prefixes.size
    for (const prefix of peer.prefixes) this.#end(prefix)
    this.#listener.onPeers()
  }

  #end(prefix: string): void {
    const count = (this.#wanted.get(prefix) ?? 0) - 1
    if (count > 0) this.#wanted.set(prefix, count)
    else if (this.#wanted.delete(prefix)) this.#listener.onSubscription(prefix, false)
  }
}
