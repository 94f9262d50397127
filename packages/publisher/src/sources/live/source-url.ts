import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { OptionError, SourceError, systemErrorCode } from '@zcast/shared'

const SCHEMES = new Set(['http:', 'https:', 'rtsp:'])
const USER_INFO = /(\/\/)[^/?#\s]*@/g

/** A text without the user names and passwords of the URLs in it, for logs and screens. */
export function hideCredentials(text: string): string {
  return text.replaceAll(USER_INFO, '$1***@')
}

/** Whether a text has a URL with a user name or password in it. */
export function hasCredentials(text: string): boolean {
  return text.search(USER_INFO) !== -1
}

/** Parses the URL of a stream. @throws {@link OptionError} when it is none of http, https and rtsp. */
export function parseSourceUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && SCHEMES.has(url.protocol) && url.hostname !== '') return url
  throw new OptionError(
    `"${hideCredentials(text)}" is not the URL of a stream: write http://, https:// or rtsp://`,
  )
}

/**
 * The same URL with the host's address in the place of its name, for an ffmpeg that cannot resolve names.
 *
 * @throws {@link SourceError} `ERR_SOURCE_FAILED` when the name is not known.
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
    throw new SourceError(
      'ERR_SOURCE_FAILED',
      `cannot find the address of "${host}" (${systemErrorCode(error) ?? 'no answer'}): check the name and the network`,
      { cause: error },
    )
  }
}
