import { errorMessage, systemErrorCode } from '@zcast/shared'
import { SilenceError } from './socket-reader.ts'

/** Where a connection was to go. */
export interface Peer {
  /** A name or an address, without brackets. */
  readonly host: string
  readonly port: number
}

/**
 * What went wrong with a connection, as a clause: what, to what, and what to do.
 *
 * @param error - Whatever Node threw.
 */
export function describeNetworkFailure(error: unknown, { host, port }: Peer): string {
  if (error instanceof SilenceError) return error.message
  const code = codeOf(error) ?? ''
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`
  switch (code) {
    case 'ENOTFOUND':
      return `the name "${host}" is not known: check its spelling, and the network`
    case 'EAI_AGAIN':
      return `the name "${host}" cannot be looked up now: check the network`
    case 'ECONNREFUSED':
      return `nothing accepts connections at ${place}: check that it is on, and the port`
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
    case 'ENETUNREACH':
      return `there is no way to ${place}: check that it is on, and that this machine is in the same network`
    case 'ETIMEDOUT':
      return `${place} does not answer: check that it is on, and the address`
    case 'ECONNRESET':
    case 'EPIPE':
      return `${place} closed the connection`
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
      return `${place} is no address that can be connected to: check it`
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files and connections are open: raise the limit (ulimit -n)'
    default:
      return describeTlsFailure(code, place) ?? errorMessage(error)
  }
}

function describeTlsFailure(code: string, place: string): string | undefined {
  // What comes instead of TLS is seen as a wrong version, or as a packet that is too long.
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(code))
    return `${place} does not speak TLS: write http:// instead of https://`
  if (/UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|VERSION_TOO_LOW/.test(code))
    return `${place} speaks only an old TLS, which is not safe: bring its software up to date, or write http://`
  if (/KEY_TOO_SMALL|DIGEST_TOO_WEAK|HANDSHAKE_FAILURE|NO_CIPHERS|DH_KEY|EE_KEY/.test(code))
    return `${place} and this machine find no encryption that both accept: bring its software up to date`
  return code === 'EPROTO' || code.startsWith('ERR_SSL') ? `the encryption with ${place} failed` : undefined
}

/** Where several addresses of a name were tried, the first one's failure. */
function codeOf(error: unknown): string | undefined {
  const errors = typeof error === 'object' && error !== null && 'errors' in error ? error.errors : undefined
  return systemErrorCode(Array.isArray(errors) && errors.length > 0 ? errors[0] : error)
}
