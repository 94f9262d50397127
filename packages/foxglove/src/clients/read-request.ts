/** A wish of a client to receive a channel. */
export interface SubscriptionRequest {
  /** Chosen by the client. */
  readonly id: number
  readonly channelId: number
}

/** What a client says. */
export type Request =
  | { readonly op: 'subscribe'; readonly subscriptions: readonly SubscriptionRequest[] }
  | { readonly op: 'unsubscribe'; readonly subscriptionIds: readonly number[] }
  /** Something else of the protocol, which is not offered here. */
  | { readonly op: 'other'; readonly name: string }

/** Why something cannot be read. */
export interface Unreadable {
  readonly fault: string
}

const MAX_UINT32 = 2 ** 32 - 1
const NAME = /^[A-Za-z]{1,40}$/

/** Reads what a client says; every byte may be hostile. Never throws. */
export function readRequest(text: string): Request | Unreadable {
  const given = parse(text)
  if (typeof given !== 'object' || given === null) return { fault: 'a message must be a JSON object' }
  const { op, subscriptions, subscriptionIds } = given as Record<string, unknown>
  if (typeof op !== 'string' || !NAME.test(op)) return { fault: 'a message must have an "op"' }
  if (op === 'subscribe')
    return Array.isArray(subscriptions) && subscriptions.every(isSubscription)
      ? { op, subscriptions }
      : { fault: 'subscribe needs "subscriptions", each with "id" and "channelId"' }
  if (op === 'unsubscribe')
    return Array.isArray(subscriptionIds) && subscriptionIds.every(isUint32)
      ? { op, subscriptionIds }
      : { fault: 'unsubscribe needs "subscriptionIds"' }
  return { op: 'other', name: op }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isSubscription(given: unknown): given is SubscriptionRequest {
  if (typeof given !== 'object' || given === null) return false
  const { id, channelId } = given as Record<string, unknown>
  return isUint32(id) && isUint32(channelId)
}

function isUint32(given: unknown): given is number {
  return Number.isInteger(given) && (given as number) >= 0 && (given as number) <= MAX_UINT32
}
