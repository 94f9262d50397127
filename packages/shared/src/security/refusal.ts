/**
 * The reason why two ends do not connect:
 *
 * - `key` the publisher does not allow the client's key
 * - `client-without-keys` the publisher has keys, but the client does not
 * - `publisher-without-keys` the client has keys, but the publisher does not
 * - `server-key` the client was given a server key that is not the publisher's
 * - `check` the publisher could not check the client's key
 * - `protocol` the other end sent a part over the limit, or something other than ZMTP
 * - `subscriptions` the publisher's subscribers made too many different subscriptions
 * - `false-ends` a peer of the publisher tried to end subscriptions that only others have made, without effect
 * - `no-room` this process has reached its limit of open files, and a connection needs one
 * - `unknown-host` no address was found for the host of an endpoint
 * - `no-answer` a receiver that should answer each message has not
 * - `no-server` a NATS server cannot be reached
 * - `credentials` a NATS server does not accept the credentials, or wants some
 * - `certificate` the certificate of a NATS server is not trusted
 * - `not-permitted` a NATS server does not let this end send or receive what it needs to
 * - `not-kept` a NATS server keeps nothing of a stream, or has nothing of it
 * - `too-slow` a NATS server cut this end off, which reads more slowly than messages come
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
  | 'no-answer'
  | 'no-server'
  | 'credentials'
  | 'certificate'
  | 'not-permitted'
  | 'not-kept'
  | 'too-slow'

/** A connection that failed because of keys, or was ended because of limits, as one of its ends saw it. */
export interface Refusal {
  readonly side: 'publisher' | 'subscriber'
  readonly reason: RefusalReason
  /** The endpoint of this end's socket; several where ZeroMQ does not say which. */
  readonly endpoint: string
  /** The client's public key, when this end knows it. */
  readonly publicKey?: string | undefined
  /** The client's address, when it is known. */
  readonly address?: string | undefined
  /** What the other end said, or why it cannot be reached, when that is known. */
  readonly detail?: string | undefined
  /** True on the side below of a relay, which has credentials of its own. Default false. */
  readonly isBelow?: boolean | undefined
}

/**
 * Describes a refusal in one clause: what happened, and what to do about it.
 *
 * @param name - The name of the key here, if it is known.
 */
export function describeRefusal(refusal: Refusal, name?: string): string {
  if (isOfServer(refusal)) return describeServer(refusal)
  const ofPeer = refusal as PeerRefusal
  return refusal.side === 'publisher' ? describeToPublisher(ofPeer, name) : describeToSubscriber(ofPeer)
}

type ServerReason = 'no-server' | 'credentials' | 'certificate' | 'not-permitted' | 'not-kept' | 'too-slow'
type ServerRefusal = Refusal & { readonly reason: ServerReason }
type PeerRefusal = Refusal & { readonly reason: Exclude<RefusalReason, ServerReason> }

const SERVER_REASONS: ReadonlySet<RefusalReason> = new Set<ServerReason>([
  'no-server',
  'credentials',
  'certificate',
  'not-permitted',
  'not-kept',
  'too-slow',
])

function isOfServer(refusal: Refusal): refusal is ServerRefusal {
  return SERVER_REASONS.has(refusal.reason)
}

/** What happens between either end and a NATS server. */
function describeServer({ side, reason, endpoint, detail, isBelow = false }: ServerRefusal): string {
  const why = detail === undefined ? '' : ` (${detail})`
  switch (reason) {
    case 'no-server':
      return `cannot reach the NATS server at ${endpoint}${why}: check that it runs and the address; it is tried again every second`
    case 'credentials':
      return `refused by the NATS server at ${endpoint}${why}: give it the right credentials with --${isBelow ? 'to-nats-creds' : 'nats-creds'}`
    case 'certificate':
      return `did not connect to the NATS server at ${endpoint}: its certificate is not trusted${why}; name its authority with --nats-ca, or NODE_EXTRA_CA_CERTS`
    case 'not-permitted':
      return `the NATS server at ${endpoint} does not permit what this program needs${why}: allow its user to publish and subscribe to zc.>`
    case 'not-kept':
      if (side === 'publisher')
        return `the NATS server at ${endpoint} does not keep what is sent${why}; it is sent all the same`
      return `the NATS server at ${endpoint} has no past of the streams${why}; what is sent now is not affected`
    case 'too-slow':
      return `cut off by the NATS server at ${endpoint}: messages came faster than they were taken; what was missed is counted as lost`
  }
}

function describeToPublisher({ reason, endpoint, publicKey, address }: PeerRefusal, name?: string): string {
  switch (reason) {
    case 'key': {
      const who = name === undefined ? `an unknown key (${publicKey})` : `the key "${name}" (${publicKey})`
      return `refused ${who} from ${address || 'an unknown address'} on ${endpoint}: it is not allowed here; allow it with --allow`
    }
    case 'client-without-keys':
      return `refused a client without keys on ${endpoint}: give it --curve and --server-key`
    case 'publisher-without-keys':
      return `refused a client with keys on ${endpoint}: this publisher has none; start it with --curve and --allow, or the client without --curve`
    case 'server-key':
      return `refused a client with a wrong server key on ${endpoint}: give it the public key of this publisher`
    case 'check':
      return `could not check the key of a client on ${endpoint}, so it was refused`
    case 'protocol':
      return `cut off the subscriber at ${endpoint}: it sent something other than subscriptions; it is retried every second`
    case 'subscriptions':
      return `cut off every subscriber on ${endpoint}: together they made too many different subscriptions; they may reconnect, so admit only known ones with --curve and --allow`
    case 'false-ends':
      return `a peer connected to ${endpoint} tried to end the subscriptions of others, without effect; admit only known ones with --curve and --allow`
    case 'no-room':
      return describeNoRoom(endpoint)
    case 'unknown-host':
      return describeUnknownHost(endpoint)
    case 'no-answer':
      return `the receiver at ${endpoint} took a message and has not answered it: check that it still works; it is sent the newest one again, later each time`
  }
}

function describeToSubscriber({ reason, endpoint, publicKey }: PeerRefusal): string {
  switch (reason) {
    case 'key':
      return `refused by the publisher at ${endpoint}: it does not allow this key (${publicKey}); allow it there with --allow`
    case 'client-without-keys':
      return `refused by the publisher at ${endpoint}: it requires a key (or is not a publisher); give --curve and --server-key`
    case 'publisher-without-keys':
      return `did not connect to the publisher at ${endpoint}: it has no keys (or is not a publisher), so nothing would be encrypted; start it with --curve, or leave out --curve here`
    case 'server-key':
      return `refused by the publisher at ${endpoint}: its key is not the one given with --server-key (or it is not a publisher); get its public key again`
    case 'check':
      return `refused by the publisher at ${endpoint}: it could not check this key; look at its error log`
    case 'protocol':
    case 'subscriptions':
    case 'false-ends':
    case 'no-answer':
      return `cut off the publisher at ${endpoint}: it sent a message over the limit (--max-message-size), or broke the protocol; it is retried every second`
    case 'no-room':
      return describeNoRoom(endpoint)
    case 'unknown-host':
      return describeUnknownHost(endpoint)
  }
}

function describeNoRoom(endpoint: string): string {
  return `no further peer can connect to ${endpoint}: this process has reached its limit of open files; existing connections continue; raise the limit with ulimit -n`
}

function describeUnknownHost(endpoint: string): string {
  return `cannot find the host in ${endpoint}: check the name and the network; it is looked up again every second`
}
