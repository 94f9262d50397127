import { connect } from 'node:net'
import { formatGreeting, GREETING_BYTES, parseGreeting, systemErrorCode } from '@zcast/shared/internal'

/** The time that a machine has to answer a connection, and a publisher to greet. */
const CONNECT_WITHIN_MS = 3000
const GREET_WITHIN_MS = 1500

/** ZMTP's signature and its version: what makes ZeroMQ say the rest of its greeting, and begins no handshake. */
const OPENING_BYTES = 11

/** What answers at an address: `greeted` when it is ZeroMQ. */
export type TcpAnswer =
  'greeted' | 'speaks otherwise' | 'silent' | 'refused' | 'no answer' | 'no way' | 'ended'

/** How an address answered. */
export interface TcpProbe {
  readonly address: string
  readonly answer: TcpAnswer
  /** Milliseconds until it answered, or until it was given up. */
  readonly ms: number
  /** The security mechanism of ZeroMQ there, `NULL` or `CURVE`. */
  readonly mechanism?: string | undefined
}

/** Connects to an address, and finds out whether ZeroMQ listens there. */
export function probeTcp(address: string, port: number, signal: AbortSignal): Promise<TcpProbe> {
  return new Promise((resolve) => {
    const startedMs = performance.now()
    const socket = connect({ host: address, port })
    let heard = Buffer.alloc(0)
    let connectedMs: number | undefined
    const answerWith = (answer: TcpAnswer, mechanism?: string): void => {
      const ms = (connectedMs ?? performance.now()) - startedMs
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      socket.destroy()
      resolve({ address, answer, ms, mechanism })
    }
    const giveUp = (): void => answerWith(connectedMs === undefined ? 'no answer' : 'silent')
    let timer = setTimeout(giveUp, CONNECT_WITHIN_MS)
    signal.addEventListener('abort', giveUp)
    socket.on('connect', () => {
      connectedMs = performance.now()
      clearTimeout(timer)
      timer = setTimeout(giveUp, GREET_WITHIN_MS)
      socket.write(formatGreeting().subarray(0, OPENING_BYTES))
    })
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk.subarray(0, GREETING_BYTES)])
      if (heard[0] !== 0xff) return answerWith('speaks otherwise')
      if (heard.length < GREETING_BYTES) return
      const mechanism = parseGreeting(heard)
      answerWith(mechanism === undefined ? 'speaks otherwise' : 'greeted', mechanism)
    })
    socket.on('error', (error) => answerWith(connectedMs === undefined ? nameFailure(error) : 'ended'))
    socket.on('close', () => answerWith('ended'))
  })
}

function nameFailure(error: unknown): TcpAnswer {
  const code = systemErrorCode(error)
  if (code === 'ECONNREFUSED') return 'refused'
  return code === 'ETIMEDOUT' ? 'no answer' : 'no way'
}
