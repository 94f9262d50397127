import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { parseEndpoint } from '../endpoint.ts'

/** Looks up the addresses of a host, IPv4 and IPv6, best first. */
export type LookUp = (host: string) => Promise<readonly string[]>

/** The system's look-up: its hosts file and name servers, in its order. */
export const lookUpHost: LookUp = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)

/**
 * The time for which ZeroMQ may keep trying an address by itself once all were tried, and the time between two look-ups
 * of the host.
 */
const ROUND_PAUSE_MS = 1000

const MAX_ADDRESSES = 8

/** The actions of a {@link HostDialer}. */
export interface DialerActions {
  readonly lookUp: LookUp
  /** Gives up one address, if there was one, and connects to another. */
  readonly move: (from: string | undefined, to: string) => void
  /** Called when no such host was found; it is looked up again. */
  readonly onUnknown: () => void
}

/**
 * Finds the address of a host at which a peer answers. ZeroMQ would look names up itself, but would use only the first
 * address of one family, and would block all connections of the process while a name server does not answer.
 */
export class HostDialer {
  readonly #host: string
  readonly #port: number | '*'
  readonly #actions: DialerActions
  /** All addresses as endpoints; the one that answered last comes first. */
  #targets: string[] = []
  #index = 0
  #timer: NodeJS.Timeout | undefined
  #isLookingUp = false
  #isClosed = false

  /** @returns `undefined` for an endpoint that names no host. */
  static for(endpoint: string, actions: DialerActions): HostDialer | undefined {
    const parsed = parseEndpoint(endpoint)
    if (parsed.transport !== 'tcp' || isIP(parsed.host.replace(/%.*$/, '')) !== 0) return undefined
    return new HostDialer(parsed.host, parsed.port, actions)
  }

  private constructor(host: string, port: number | '*', actions: DialerActions) {
    this.#host = host
    this.#port = port
    this.#actions = actions
    void this.#lookUp()
  }

  /** The address being tried, or connected to, as an endpoint. */
  get target(): string | undefined {
    return this.#targets[this.#index]
  }

  /** Notes that an attempt at the target has failed. */
  failed(): void {
    if (this.#timer || this.#isLookingUp || this.#isClosed) return
    const from = this.target
    const to = this.next()
    if (to !== undefined && to !== from) this.#actions.move(from, to)
    if (this.#index === 0) this.#lookUpLater()
  }

  /** Chooses the next address. @returns The new target. */
  next(): string | undefined {
    this.#index = this.#targets.length > 0 ? (this.#index + 1) % this.#targets.length : 0
    return this.target
  }

  /** Notes that a publisher or subscriber answers at the target. */
  answered(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#keepFirst(this.target, this.#targets)
  }

  /** Ends all attempts. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  #keepFirst(first: string | undefined, targets: readonly string[]): void {
    this.#targets =
      first === undefined ? [...targets] : [first, ...targets.filter((target) => target !== first)]
    this.#index = 0
  }

  #lookUpLater(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#lookUp()
    }, ROUND_PAUSE_MS).unref()
  }

  async #lookUp(): Promise<void> {
    this.#isLookingUp = true
    // A failed look-up may only mean that the network is down: known addresses are kept.
    const found = await this.#actions.lookUp(this.#host).catch(() => [])
    this.#isLookingUp = false
    if (this.#isClosed) return
    if (found.length === 0) {
      if (this.#targets.length === 0) this.#actions.onUnknown()
      return this.#lookUpLater()
    }
    const from = this.target
    const targets = found.slice(0, MAX_ADDRESSES).map((address) => this.#endpointOf(address))
    this.#keepFirst(from !== undefined && targets.includes(from) ? from : undefined, targets)
    if (this.target !== undefined && this.target !== from) this.#actions.move(from, this.target)
  }

  #endpointOf(address: string): string {
    return `tcp://${address.includes(':') ? `[${address}]` : address}:${this.#port}`
  }
}
