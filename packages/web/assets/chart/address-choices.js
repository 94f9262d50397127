import { readChoice, writeChoice } from './stream-choice.js'

/** How the person wants to see the streams, kept in the address of the page: a key for each stream, its topic. */

/** What is wanted of a stream. @param {string} topic */
export function choiceOf(topic) {
  return readChoice(new URLSearchParams(location.search).get(topic) ?? '')
}

/** @param {string} topic @param {import('./stream-choice.js').StreamChoice} choice */
export function keepChoice(topic, choice) {
  keepInAddress(topic, writeChoice(choice))
}

/** Keeps something in the address; nothing where the text is empty. @param {string} key @param {string} text */
export function keepInAddress(key, text) {
  const address = new URL(location.href)
  if (text === '') address.searchParams.delete(key)
  else address.searchParams.set(key, text)
  // To be read by people too: what is legible there needs no escape.
  address.search = address.search.replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%3B', ';')
  if (address.href !== location.href) history.replaceState(history.state, '', address)
}
