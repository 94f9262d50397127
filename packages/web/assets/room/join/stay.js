import { element, say } from '../../page/elements.js'

/**
 * Which page is shown: the door, the room, or why one had to leave; and how the connection is.
 *
 * @typedef {import('../session/room-session.js').Stay} Stay
 */

/** How long it is said that the connection is back. */
const BACK_MS = 4000

let wasLost = false
/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading

/** @param {Stay} stay @param {string} reason @param {import('./join-form.js').JoinForm} form */
export function showStay(stay, reason, form) {
  const isInside = stay === 'joined' || stay === 'lost'
  document.body.dataset['stay'] = stay
  element('join').hidden = isInside || stay === 'ended'
  element('away').hidden = stay !== 'ended'
  element('room').hidden = !isInside
  showLink(stay)
  if (stay === 'joining') form.show(reason)
  if (stay === 'connecting') form.wait()
  if (stay === 'ended') showAway(reason)
  // What had the focus is gone: by keyboard one begins where one can write.
  const { activeElement, body } = document
  const isLost = activeElement === null || activeElement === body || !activeElement.checkVisibility()
  if (stay === 'joined' && isLost && matchMedia('(pointer: fine)').matches) element('message').focus()
}

/** @param {Stay} stay */
function showLink(stay) {
  const where = element('link')
  clearTimeout(fading)
  delete where.dataset['good']
  const isBack = stay === 'joined' && wasLost
  wasLost = stay === 'lost'
  say(where, stay === 'lost' ? 'Connection lost, trying again' : isBack ? 'Connected again' : '')
  if (!isBack) return
  where.dataset['good'] = ''
  fading = setTimeout(() => say(where, ''), BACK_MS)
}

/** @param {string} reason */
function showAway(reason) {
  element('away-title').textContent = 'You are no longer in the room'
  element('away-text').textContent =
    reason === '' ? '' : `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
  element('away-button').focus()
}
