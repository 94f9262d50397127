/** The longest name of a guest, in characters. */
export const MAX_NAME = 40

/** Characters that are not seen, that turn the direction of text around, or that break a line. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu

/**
 * A name as it is shown: one line, without characters that nobody sees.
 *
 * @returns `undefined` when it is no text, nothing is left of it, or it is longer than {@link MAX_NAME}.
 */
export function cleanName(name: unknown): string | undefined {
  if (typeof name !== 'string' || name.length > 4 * MAX_NAME) return undefined
  const clean = name.normalize('NFC').replaceAll(UNSEEN, '').replaceAll(/\s+/gu, ' ').trim()
  return clean === '' || Array.from(clean).length > MAX_NAME ? undefined : clean
}
