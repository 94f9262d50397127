/**
 * Why two ends do not come together:
 *
 * - `key` the publisher does not allow the client's key
 * - `client-without-keys` the publisher has keys, the client none
 * - `publisher-without-keys` the client has keys, the publisher none
 * - `server-key` the client was given another server key than the publisher's
 * - `check` the publisher could not check the client's key
 * - `protocol` the other end sent a part over the limit, or something else than ZMTP
 * - `subscriptions` the publisher's subscribers have made too many different subscriptions
 * - `false-ends` a peer of the publisher takes back subscriptions that only others have made, to no effect
 * - `no-room` this process may open no more files, and a connection takes one
 * - `unknown-host` the host of an endpoint has no address, as far as can be said
 */
export type RefusalReason =
  | 'key'
  | 'client-without-keys'
  | 'publisher-without-keys'
  | 'server-key'
  | 'check'
  | 'protocol'
  | 'subscriptions'
  | 'false-ends'
  | 'no-room'
  | 'unknown-host'

/** A connection that did not come about because of keys, or did not last because of limits, as one of its ends saw it. */
export interface Refusal {
  readonly side: 'publisher' | 'subscriber'
  readonly reason: RefusalReason
  /** The endpoint of this end's socket that it was about; several where ZeroMQ does not tell which. */
  readonly endpoint: string
  /** The client's public key, where this end knows it. */
  readonly publicKey?: string | undefined
  /** Where the client is, where that is known. */
  readonly address?: string | undefined
}

/**
 * A refusal as one clause: what happened, and what to do about it.
 *
 * @param name - What the key is called here, if it is known.
 */
export function describeRefusal(refusal: Refusal, name?: string): string {
  return refusal.side === 'publisher' ? describeToPublisher(refusal, name) : describeToSubscriber(refusal)
}

function describeToPublisher({ reason, endpoint, publicKey, address }: Refusal, name?: string): string {
  switch (reason) {
    case 'key': {
      const who = name === undefined ? `an unknown key (${publicKey})` : `the key "${name}" (${publicKey})`
      return `refused ${who} from ${address || 'an unknown address'} on ${endpoint}: it is not allowed here; allow it with --allow`
    }
    case 'client-without-keys':
      return `refused a client without keys on ${endpoint}: give it --curve and --server-key`
    case 'publisher-without-keys':
      return `a client with keys turned away from ${endpoint}: there are none here; start this publisher with --curve and --allow, or the client without --curve`
    case 'server-key':
      return `refused a client with a wrong server key on ${endpoint}: give it the public key of this publisher`
    case 'check':
      return `could not check the key of a client on ${endpoint}, so it was refused`
    case 'protocol':
      return `cut off the subscriber at ${endpoint}: it sent something else than subscriptions; it is tried again each second`
    case 'subscriptions':
      return `cut off every subscriber on ${endpoint}, who may come back: they made too many different subscriptions; let in only those you know with --curve and --allow`
    case 'false-ends':
      return `somebody who connected to ${endpoint} takes back subscriptions of others, in vain; let in only those you know with --curve and --allow`
    case 'no-room':
      return describeNoRoom(endpoint)
    case 'unknown-host':
      return describeUnknownHost(endpoint)
  }
}

function describeToSubscriber({ reason, endpoint, publicKey }: Refusal): string {
  switch (reason) {
    case 'key':
      return `refused by the publisher at ${endpoint}: it does not allow this key (${publicKey}); have it allowed there with --allow`
    case 'client-without-keys':
      return `refused by the publisher at ${endpoint}: it lets in nobody without a key (or is no publisher); give --curve and --server-key`
    case 'publisher-without-keys':
      return `turned away from the publisher at ${endpoint}: it has no keys (or is no publisher), and nothing would be encrypted; start it with --curve, or leave out --curve here`
    case 'server-key':
      return `refused by the publisher at ${endpoint}: its key is not the one given with --server-key (or it is no publisher); get its public key again`
    case 'check':
      return `refused by the publisher at ${endpoint}: it could not check this key; look at its error log`
    case 'protocol':
    case 'subscriptions':
    case 'false-ends':
      return `cut off the publisher at ${endpoint}: it sent a message over the limit (--max-message-size), or broke the protocol; it is tried again each second`
    case 'no-room':
      return describeNoRoom(endpoint)
    case 'unknown-host':
      return describeUnknownHost(endpoint)
  }
}

function describeNoRoom(endpoint: string): string {
  return `nobody else can connect to ${endpoint} for now: this process may open no more files; those who are connected go on; raise the limit with ulimit -n`
}

function describeUnknownHost(endpoint: string): string {
  return `found no host of the name in ${endpoint}: check the name and the network; it is looked up again each second`
}
