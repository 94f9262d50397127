import { EndpointError, StreamError } from '@zcast/shared'
import { pause, systemErrorCode } from '@zcast/shared/internal'
import { WebSocket } from 'ws'
import type { GuestMessage } from '../messages/guest-messages.ts'
import type { RoomMessage } from '../messages/room-messages.ts'
import { type ConnectionEnd, describeFailure, describeStatus } from './connection-end.ts'
import { readRoomMessage } from './read-room-message.ts'
import type { RoomAddress } from './room-address.ts'
import { type Trust, trustingAgent } from './trusting-agent.ts'

/** Options of {@link RoomClient}. */
export interface RoomClientOptions {
  readonly address: RoomAddress
  /** Default: that of the address. */
  readonly token?: string | undefined
  readonly name: string
  /** By which the room knows the guest again. Default: a new guest. */
  readonly key?: string | undefined
  /** Certificates of the room to accept besides those that the system trusts. Default: none. */
  readonly trust?: Trust | undefined
  /** Called with each message of the room; `welcome` comes first, again after each time the connection was lost. */
  readonly onMessage: (message: RoomMessage) => void
  /** Called when the connection is lost; it is made anew by itself. */
  readonly onLost: (reason: string) => void
}

/** The largest message of the room: 200 lines, and everybody who is there. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024
const HANDSHAKE_MS = 10_000
/** The room pings every 20 s. */
const SILENCE_MS = 65_000
const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5000
/** Refusals to join that may be others in a while. */
const TRANSIENT = new Set(['ERR_BUSY', 'ERR_FULL'])

/** A member of a room, over its WebSocket. It comes back by itself, as the same guest, when the connection was lost. */
export class RoomClient {
  readonly #options: RoomClientOptions
  #socket: WebSocket | undefined
  #key: string | undefined
  #hasJoined = false
  #isIn = false

  constructor(options: RoomClientOptions) {
    this.#options = options
    this.#key = options.key
  }

  /** True while the guest is in the room. */
  get isIn(): boolean {
    return this.#isIn
  }

  /** Says something to the room. @returns False when the connection is lost: then it was not said. */
  send(message: GuestMessage): boolean {
    if (!this.#isIn || !this.#socket) return false
    this.#socket.send(JSON.stringify(message))
    return true
  }

  /**
   * Is in the room until the signal aborts.
   *
   * @throws {@link EndpointError} when the room cannot be reached at first; {@link StreamError} `ERR_DENIED` when it lets
   *   the guest in no longer.
   */
  async run(signal: AbortSignal): Promise<void> {
    let retryMs = FIRST_RETRY_MS
    while (!signal.aborted) {
      const end = await this.#connect(signal)
      if (signal.aborted) return
      if (this.#isIn) retryMs = FIRST_RETRY_MS
      const wasIn = this.#isIn
      this.#isIn = false
      const { page } = this.#options.address
      if (!end.again)
        throw new StreamError('ERR_DENIED', `the room at ${page} does not let you in: ${end.reason}`)
      if (!this.#hasJoined)
        throw new EndpointError(
          'ERR_ADDRESS_UNAVAILABLE',
          page,
          `there is no room at ${page}: ${end.reason}; start one with "zcast room", or give its address with --connect`,
        )
      if (wasIn) this.#options.onLost(end.reason)
      await pause(retryMs, signal)
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
    }
  }

  #connect(signal: AbortSignal): Promise<ConnectionEnd> {
    const { address, token = address.token, trust } = this.#options
    const socket = new WebSocket(address.socket, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      ...(trust && address.socket.protocol === 'wss:' && { agent: trustingAgent(trust) }),
    })
    this.#socket = socket
    return new Promise((resolve) => {
      let end: ConnectionEnd | undefined
      const abort = (): void => socket.terminate()
      const patience = setTimeout(abort, SILENCE_MS)
      const finish = (): void => {
        clearTimeout(patience)
        signal.removeEventListener('abort', abort)
        resolve(end ?? { again: true, reason: 'the room is gone' })
      }
      signal.addEventListener('abort', abort)
      socket.on('ping', () => patience.refresh())
      socket.on('unexpected-response', (_request, response) => {
        end ??= describeStatus(response.statusCode)
        response.destroy()
        finish()
      })
      socket.on('error', (error) => (end ??= describeFailure(systemErrorCode(error), error.message)))
      socket.on('close', finish)
      socket.on('open', () => {
        const { name } = this.#options
        socket.send(
          JSON.stringify({ type: 'join', name, terminal: true, ...(this.#key && { key: this.#key }) }),
        )
      })
      socket.on('message', (data) => {
        patience.refresh()
        const message = readRoomMessage((data as Buffer).toString())
        if (message) end = this.#take(message) ?? end
      })
    })
  }

  /** @returns How the connection will end, where the message says it. */
  #take(message: RoomMessage): ConnectionEnd | undefined {
    if (message.type === 'welcome') {
      this.#key = message.you.key
      this.#hasJoined = true
      this.#isIn = true
    }
    if (message.type === 'refused' && message.about === 'join')
      return { again: TRANSIENT.has(message.code) && this.#hasJoined, reason: message.reason }
    if (message.type === 'goodbye') return { again: message.mayReturn === true, reason: message.reason }
    this.#options.onMessage(message)
    return undefined
  }
}
