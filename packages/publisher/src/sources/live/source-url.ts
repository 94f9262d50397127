import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { OptionError, SourceError } from '@zcast/shared'
import { hideSecrets } from '@zcast/shared/internal'
import { describeNetworkFailure } from './http/network-failure.ts'

const SCHEMES = new Set(['http:', 'https:', 'rtsp:'])

/** Parses the URL of a stream. @throws {@link OptionError} when it is not http, https or rtsp. */
export function parseSourceUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && SCHEMES.has(url.protocol) && url.hostname !== '') return url
  // A slash in a password ends what a URL parser takes for the host.
  const shown = hideSecrets(text.replace(/(\/\/).*@/s, '$1***@'))
  throw new OptionError(
    `"${shown}" is not the URL of a stream: write http://, https:// or rtsp://, and / ? # @ in a password as %2F %3F %23 %40`,
  )
}

/**
 * The same URL with the host's address instead of its name, for an ffmpeg that cannot resolve names.
 *
 * @throws {@link SourceError} `ERR_SOURCE_FAILED` when the name is unknown.
 */
export async function withAddress(url: URL): Promise<URL> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host)) return url
  try {
    const { address, family } = await lookup(host)
    const resolved = new URL(url)
    resolved.hostname = family === 6 ? `[${address}]` : address
    return resolved
  } catch (error) {
    const reason = describeNetworkFailure(error, { host, port: Number(url.port || 554) })
    throw new SourceError('ERR_SOURCE_FAILED', `cannot open "${hideSecrets(url.href)}": ${reason}`, {
      cause: error,
    })
  }
}
