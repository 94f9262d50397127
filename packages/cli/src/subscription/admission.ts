import { describeRefusal, type Refusal, StreamError, type TransportOptions } from '@zcast/shared'
import type { Subscriber } from '@zcast/subscribers'
import type { CommandContext } from '../command-context.ts'
import { warnOfKeys, type SubscriberKeys } from '../options/keys/read-keys.ts'
import { warnOfExposure } from '../security/exposure.ts'
import { noticeRefusals } from '../security/refusal-notices.ts'

/** Reasons that have nothing to do with keys. */
const OTHER_REASONS: ReadonlySet<Refusal['reason']> = new Set([
  'protocol',
  'no-room',
  'unknown-host',
  'no-server',
  'not-kept',
  'too-slow',
])

/** Watches whether a subscriber is admitted: reports a refusal, and remembers whether it was ever admitted. */
export class Admission {
  /** The options for opening the subscriber's transport. */
  readonly security: TransportOptions
  readonly #context: CommandContext
  readonly #keys: SubscriberKeys
  #subscriber: Subscriber | undefined
  #wasLive = false
  #refusal: Refusal | undefined

  constructor(context: CommandContext, keys: SubscriberKeys) {
    this.#context = context
    this.#keys = keys
    const notice = noticeRefusals(context)
    const onRefused = (refusal: Refusal): void => {
      if (!OTHER_REASONS.has(refusal.reason)) this.#refusal = refusal
      notice(refusal)
    }
    this.security = { curve: keys.curve, nats: keys.nats, onRefused }
  }

  /** Watches a subscriber that was opened with these options, and warns about what it exposes. */
  watch(subscriber: Subscriber, { bind }: { readonly bind: readonly string[] }): void {
    this.#subscriber = subscriber
    this.#wasLive = subscriber.state === 'live'
    subscriber.on('state', (state) => (this.#wasLive ||= state === 'live'))
    warnOfKeys(this.#context, this.#keys.warning)
    if (this.#keys.curve) return
    warnOfExposure(this.#context, subscriber.endpoints.slice(0, bind.length), 'subscriber')
  }

  /** @throws {@link StreamError} `ERR_DENIED` when the subscriber was refused for its whole run. */
  check(): void {
    if (this.#wasLive || this.#subscriber?.state !== 'denied' || !this.#refusal) return
    throw new StreamError('ERR_DENIED', describeRefusal(this.#refusal))
  }
}
