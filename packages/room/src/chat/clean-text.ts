import { Refusal } from '../people/refusal.ts'

/** Control characters but for line ends; marks that turn the direction of other text around; what is not seen. */
const UNWANTED = /(?!\n)[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
const LINE_ENDS = /\r\n?|[\u2028\u2029\u0085]/g
/** Marks heaped upon one letter, so that they cover the lines around it. */
const HEAPED = /(\p{M}{6})\p{M}+/gu

/**
 * What somebody says, as it is kept and shown: plain text, whose line ends are `\n`, at most two in a row.
 *
 * @param most - Characters (code points), at most.
 * @throws {@link Refusal} when it is no text, nothing is left of it, or it is longer.
 */
export function cleanText(text: unknown, most: number): string {
  if (typeof text !== 'string') throw new Refusal('ERR_MESSAGE', 'what is said must be text')
  const clean = text
    .replaceAll(/\p{Cs}/gu, '\ufffd')
    .replaceAll(LINE_ENDS, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(UNWANTED, '')
    .replaceAll(HEAPED, '$1')
    .replaceAll(/\n\s*\n\s*/g, '\n\n')
    .trim()
  if (clean === '') throw new Refusal('ERR_EMPTY', 'there is nothing to say: write something first')
  const length = Array.from(clean).length
  if (length > most)
    throw new Refusal('ERR_TOO_LONG', `a message has at most ${most} characters, this one has ${length}`)
  return clean
}
