import { errorMessage, systemErrorCode } from '@zcast/shared/internal'
import { SilenceError } from './socket-reader.ts'

/** The destination of a connection. */
export interface Peer {
  /** A name or an address, without brackets. */
  readonly host: string
  readonly port: number
}

/**
 * Explains the failure of a connection as a clause: what, to what, and what to do.
 *
 * @param error - The error that Node threw.
 */
export function describeNetworkFailure(error: unknown, { host, port }: Peer): string {
  if (error instanceof SilenceError) return error.message
  const code = codeOf(error) ?? ''
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`
  switch (code) {
    case 'ENOTFOUND':
      return `the host name "${host}" is unknown: check its spelling and the network`
    case 'EAI_AGAIN':
      return `the host name "${host}" cannot be looked up now: check the network`
    case 'ECONNREFUSED':
      return `nothing accepts connections at ${place}: check that it is switched on, and check the port`
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
    case 'ENETUNREACH':
      return `there is no route to ${place}: check that it is switched on and in the same network as this machine`
    case 'ETIMEDOUT':
      return `${place} does not answer: check that it is switched on, and check the address`
    case 'ECONNRESET':
    case 'EPIPE':
      return `${place} closed the connection`
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
      return `${place} is not an address to connect to: check it`
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files and connections are open: raise the limit (ulimit -n)'
    default:
      return describeTlsFailure(code, place) ?? errorMessage(error)
  }
}

function describeTlsFailure(code: string, place: string): string | undefined {
  // An answer that is not TLS shows as a wrong version, or as a packet that is too long.
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(code))
    return `${place} does not speak TLS: write http:// instead of https://`
  if (/UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|VERSION_TOO_LOW/.test(code))
    return `${place} supports only an old TLS version, which is not secure: update its software, or write http://`
  if (/KEY_TOO_SMALL|DIGEST_TOO_WEAK|HANDSHAKE_FAILURE|NO_CIPHERS|DH_KEY|EE_KEY/.test(code))
    return `${place} and this machine have no encryption method in common: update its software`
  return code === 'EPROTO' || code.startsWith('ERR_SSL') ? `the encryption with ${place} failed` : undefined
}

/** The first address's failure when several addresses of a name were tried. */
function codeOf(error: unknown): string | undefined {
  const errors = typeof error === 'object' && error !== null && 'errors' in error ? error.errors : undefined
  return systemErrorCode(Array.isArray(errors) && errors.length > 0 ? errors[0] : error)
}
