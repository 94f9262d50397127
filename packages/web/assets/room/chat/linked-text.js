import { make } from '../../page/elements.js'

/** A text with its web addresses as links; everything in it stays text. */

const ADDRESS = /https?:\/\/[^\s<>"']+/gi
/** What ends a sentence rather than an address. */
const TRAILING = /[.,:;!?…]+$/

/** @param {HTMLElement} where @param {string} text */
export function putLinkedText(where, text) {
  let done = 0
  for (const { 0: match, index } of text.matchAll(ADDRESS)) {
    const address = trim(match)
    const href = readAddress(address)
    if (href === undefined) continue
    const link = make('a', '', address)
    link.href = href
    link.target = '_blank'
    link.rel = 'noopener noreferrer'
    where.append(text.slice(done, index), link)
    done = index + address.length
  }
  where.append(text.slice(done))
}

/** @param {string} match */
function trim(match) {
  let address = match.replace(TRAILING, '')
  // A bracket that was not opened within the address is around it.
  while (address.endsWith(')') && address.split('(').length < address.split(')').length) {
    address = address.slice(0, -1).replace(TRAILING, '')
  }
  return address
}

/** @param {string} address @returns {string | undefined} */
function readAddress(address) {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url && /^https?:$/.test(url.protocol) && url.hostname !== '' ? url.href : undefined
}
