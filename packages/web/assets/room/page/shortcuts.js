/**
 * Keys of the room: they do nothing while somebody types. Space on a button presses that button, if one came there by
 * keyboard; after a click Space is for what is on air again.
 *
 * @typedef {object} Shortcuts
 * @property {() => void} onSpace
 * @property {() => void} onSound
 * @property {() => void} onFullScreen
 * @property {() => void} onRecordDown
 * @property {() => void} onRecordUp
 */

const PRESSED = 'button, a, summary, [role="menuitem"], input[type="file"]'
const TYPED =
  'textarea, select, input:not([type="range"], [type="checkbox"], [type="file"]), [contenteditable]'

/** @param {Shortcuts} shortcuts */
export function followShortcuts({ onSpace, onSound, onFullScreen, onRecordDown, onRecordUp }) {
  /** What has the focus because it was clicked. @type {EventTarget | null} */
  let clicked = null
  let isPointing = false
  let isRecording = false

  document.addEventListener(
    'pointerdown',
    ({ target }) => {
      isPointing = true
      clicked = target instanceof Element ? target.closest(PRESSED) : null
    },
    true,
  )
  for (const type of ['pointerup', 'pointercancel']) {
    document.addEventListener(type, () => (isPointing = false), true)
  }
  document.addEventListener('focusin', ({ target }) => {
    if (!isPointing && target !== clicked) clicked = null
  })

  const isFree = (/** @type {KeyboardEvent} */ event) => {
    const target = /** @type {Element} */ (event.target)
    const isOwn = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing
    return isOwn && !document.querySelector('dialog[open]') && !target.closest(TYPED)
  }
  const isSpaceFree = (/** @type {KeyboardEvent} */ event) => {
    const pressed = /** @type {Element} */ (event.target).closest(PRESSED)
    return event.key === ' ' && isFree(event) && (pressed === null || pressed === clicked)
  }

  document.addEventListener('keydown', (event) => {
    if (!isFree(event)) return
    if (event.key === ' ' && !isSpaceFree(event)) return
    /** @type {Record<string, () => void>} */
    const acts = { ' ': onSpace, m: onSound, f: onFullScreen, r: onRecordDown }
    const act = acts[event.key.toLowerCase()]
    if (!act) return
    event.preventDefault()
    if (event.repeat) return
    isRecording ||= act === onRecordDown
    act()
  })
  // Firefox presses a button when the key is let go.
  document.addEventListener('keyup', (event) => {
    if (isSpaceFree(event)) event.preventDefault()
    if (event.key.toLowerCase() !== 'r' || !isRecording) return
    isRecording = false
    onRecordUp()
  })
}
