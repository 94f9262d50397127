import type { X509Certificate } from 'node:crypto'

/**
 * The reason why a certificate is not trusted, as a clause: what is wrong, and what to do.
 *
 * @param code - OpenSSL's or Node's reason, such as `DEPTH_ZERO_SELF_SIGNED_CERT`.
 * @param certificate - The certificate shown; its fingerprint is given, to be compared and trusted.
 */
export function describeCertificateFailure(
  code: string,
  certificate: X509Certificate | undefined,
  host: string,
): string {
  if (!certificate) return `it shows no certificate`
  const trust =
    `if it is yours, trust it with --trust-cert sha256:${certificate.fingerprint256.replaceAll(':', '')}, ` +
    'or give its file'
  return `its certificate ${reasonOf(code, certificate, host)}: ${trust}`
}

function reasonOf(code: string, certificate: X509Certificate, host: string): string {
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') return 'is signed by nobody but itself'
  if (code === 'CERT_HAS_EXPIRED') return `has expired (${certificate.validTo})`
  if (code === 'CERT_NOT_YET_VALID')
    return `is not valid yet (from ${certificate.validFrom}): check both clocks`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `is for another name than "${host}"`
  if (code === 'CERT_REVOKED') return 'was revoked'
  return 'is signed by an authority that this machine does not trust'
}
