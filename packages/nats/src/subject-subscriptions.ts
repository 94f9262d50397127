import type { Msg, NatsConnection, Subscription } from './nats-library.ts'
import { isWhole, subjectsOf } from './subjects.ts'

/** Subscribes to the subjects of prefixes, so that each message comes once whatever prefixes overlap. */
export class SubjectSubscriptions {
  readonly #onMessage: (prefix: string, message: Msg) => void
  readonly #open = new Map<string, readonly Subscription[]>()
  #connection: NatsConnection | undefined

  constructor(onMessage: (prefix: string, message: Msg) => void) {
    this.#onMessage = onMessage
  }

  /** Begins anew on another connection, or on none. */
  begin(connection: NatsConnection | undefined): void {
    this.#connection = connection
    this.#open.clear()
  }

  /** Subscribes to what these prefixes need, and cancels the rest. */
  set(prefixes: ReadonlySet<string>): void {
    const connection = this.#connection
    if (!connection || connection.isClosed()) return
    const needed = [...prefixes].filter((prefix) => !isCovered(prefix, prefixes))
    const kept = new Set(needed)
    for (const [prefix, subscriptions] of this.#open) {
      if (kept.has(prefix)) continue
      for (const subscription of subscriptions) subscription.unsubscribe()
      this.#open.delete(prefix)
    }
    for (const prefix of needed) {
      if (this.#open.has(prefix)) continue
      const callback = (error: Error | null, message: Msg): void => {
        if (!error) this.#onMessage(prefix, message)
      }
      this.#open.set(
        prefix,
        subjectsOf(prefix).map((subject) => connection.subscribe(subject, { callback })),
      )
    }
  }
}

/** True when another prefix lets through all that this one does. */
function isCovered(prefix: string, prefixes: ReadonlySet<string>): boolean {
  if (prefix === '') return false
  if (prefixes.has('')) return true
  for (let slash = prefix.indexOf('/'); slash >= 0; slash = prefix.indexOf('/', slash + 1)) {
    const whole = prefix.slice(0, slash + 1)
    if (whole !== prefix && prefixes.has(whole)) return true
  }
  return false
}

/**
 * True when a topic that came because of a prefix, the beginning of its name, is wanted and comes in no other way.
 */
export function isOwnBeginning(topic: string, prefix: string, prefixes: ReadonlySet<string>): boolean {
  if (topic === prefix || !topic.startsWith(prefix) || prefixes.has(topic) || isCovered(topic, prefixes))
    return false
  for (let length = topic.length - 1; length > prefix.length; length--) {
    const longer = topic.slice(0, length)
    if (!isWhole(longer) && prefixes.has(longer)) return false
  }
  return true
}
