import { OptionError } from '@zcast/shared'

/**
 * Checks the origins of pages that may embed and read a server's content.
 *
 * @returns Each in the form that browsers use: `https://name` or `http://name:8123`.
 * @throws {@link OptionError} `ERR_OPTION` when one is not an origin.
 */
export function checkAllowedOrigins(origins: readonly string[]): readonly string[] {
  return origins.map((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    const isOrigin =
      (url?.protocol === 'http:' || url?.protocol === 'https:') &&
      url.href === `${url.origin}/` &&
      !text.includes('*')
    if (url && isOrigin) return url.origin
    throw new OptionError(
      `allow-origin must be the beginning of a page's address, such as http://homeassistant.local:8123, got "${text}"`,
    )
  })
}
