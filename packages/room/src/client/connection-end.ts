/** How a connection to a room ended. */
export type ConnectionEnd =
  /** It may be tried again: the room is gone for now, or the network is. */
  | { readonly again: true; readonly reason: string }
  /** Nothing will change by itself. */
  | { readonly again: false; readonly reason: string }

/** A code of the system, or of TLS, in words. */
export function describeFailure(code: string | undefined, message: string): ConnectionEnd {
  if (code === 'ECONNREFUSED') return { again: true, reason: 'nothing listens there' }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return { again: true, reason: 'the name of its machine is not known' }
  if (code === 'ECONNRESET' || code === 'EPIPE') return { again: true, reason: 'the connection was cut off' }
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return { again: true, reason: 'its machine does not answer' }
  if (code !== undefined && /CERT|SIGNATURE|ISSUER/.test(code))
    return {
      again: false,
      reason:
        'its certificate is not known here: if the room printed the same fingerprint, give it with --trust-cert sha256:FINGERPRINT',
    }
  if (/wrong version number|packet length too long/i.test(message))
    return { again: false, reason: 'it speaks http there, not https' }
  if (/handshake has timed out/.test(message)) return { again: true, reason: 'it does not answer' }
  return { again: true, reason: message }
}

/** The answer of something that let nobody in, in words. */
export function describeStatus(status: number | undefined): ConnectionEnd {
  if (status === 401 || status === 403)
    return {
      again: false,
      reason: 'it wants an invitation: give the file of its token with --token-file, or the whole link',
    }
  if (status === 429 || status === 503) return { again: true, reason: 'it is busy' }
  return { again: false, reason: `what answers there is no room (HTTP ${status ?? 'without a status'})` }
}
