/**
 * What keys do on a timeline.
 *
 * @typedef {object} KeyActs
 * @property {() => void} toggle
 * @property {(direction: -1 | 1) => void} step
 * @property {(end: 'from' | 'to') => void} mark
 * @property {() => void} loop
 * @property {(seconds: number) => void} go Goes on or back.
 */

/** Does what a key means. @param {KeyboardEvent} event @param {KeyActs} acts @returns {boolean} Whether it means anything. */
export function pressTimelineKey(event, acts) {
  const far = event.shiftKey ? 10 : 1
  /** @type {Record<string, () => void>} */
  const keys = {
    ' ': acts.toggle,
    ',': () => acts.step(-1),
    '.': () => acts.step(1),
    i: () => acts.mark('from'),
    o: () => acts.mark('to'),
    l: acts.loop,
  }
  // Elsewhere, arrows belong to what has the focus.
  if (document.activeElement === document.body) {
    keys['ArrowLeft'] = () => acts.go(-far)
    keys['ArrowRight'] = () => acts.go(far)
  }
  const act = keys[event.key]
  act?.()
  return act !== undefined
}
