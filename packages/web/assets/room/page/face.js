import { make } from '../../page/elements.js'

/** How people, and films without a picture, look: by their name, the same everywhere. */

const LETTERS = new Intl.Segmenter()

/** A hue of 0 to 359 for a name. @param {string} name */
export function hueOf(name) {
  let hash = 7
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 9973
  return (hash * 137) % 360
}

/** A round face with the first letter of a name, which is said beside it. @param {string} name */
export function makeFace(name) {
  const [first] = LETTERS.segment(name)
  const face = make('span', 'face', first?.segment ?? '?')
  face.setAttribute('aria-hidden', 'true')
  face.style.setProperty('--hue', String(hueOf(name)))
  return face
}

/** A name in its colour. @param {string} name */
export function makeName(name) {
  const made = make('span', 'named', name)
  made.dir = 'auto'
  made.style.setProperty('--hue', String(hueOf(name)))
  return made
}
