import { OptionError } from '@zcast/shared'

/** The origin that browsers and desktop programs state for pages from files. */
export const FILES = 'file://'

/**
 * Checks the origins of pages that may embed and read a server's content.
 *
 * @returns Each in the form that browsers use: `https://name` or `http://name:8123`; `file://` for pages that were
 *   opened from files, such as those of desktop programs.
 * @throws {@link OptionError} `ERR_OPTION` when one is not an origin.
 */
export function checkAllowedOrigins(origins: readonly string[]): readonly string[] {
  return origins.map((text) => {
    if (text === FILES) return FILES
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
