import { makeMenuButton } from '../page/menu.js'
import { listGuestActions } from '../people/guest-actions.js'

/** What hosts can do with a line, and with who wrote it. */

/** @param {import('../session/room-session.js').RoomSession} session @param {import('./chat-line.js').ChatLine} line @param {HTMLElement} made */
export function makeLineMenu(session, line, made) {
  const label = line.guest === '' ? 'Actions' : `Actions: ${line.name}`
  const button = makeMenuButton(label, () => [
    { text: 'Remove this line', act: () => void session.say({ type: 'remove', id: line.id }), isBad: true },
    ...(line.guest === session.you.id ? [] : listGuestActions(session, line.guest)),
  ])
  button.className = 'line-more'
  // Arrows lead there: the next panel is not hundreds of lines away.
  button.tabIndex = -1
  made.append(button)
}
