import { askSure } from '../page/sure.js'
import { makeMenuButton } from '../page/menu.js'

/** What hosts can do with a line, and with who wrote it. */

const MUTED_MINUTES = 10

/**
 * @typedef {import('../session/room-session.js').RoomSession} RoomSession
 * @typedef {import('../page/menu.js').MenuItem} MenuItem
 */

/** @param {RoomSession} session @param {import('./chat-line.js').ChatLine} line @param {HTMLElement} made */
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

/** What hosts can do with a guest who is here. @param {RoomSession} session @param {string} id @returns {MenuItem[]} */
export function listGuestActions(session, id) {
  const guest = session.find(id)
  if (!guest) return []
  return [
    {
      text: guest.isMuted
        ? `Let ${guest.name} write again`
        : `Mute ${guest.name} for ${MUTED_MINUTES} minutes`,
      act: () => {
        if (guest.isMuted) session.say({ type: 'unmute', guest: id })
        else session.say({ type: 'mute', guest: id, minutes: MUTED_MINUTES })
      },
    },
    { text: `Ban ${guest.name}…`, act: () => void ban(session, guest), isBad: true },
  ]
}

/** @param {RoomSession} session @param {import('../session/room-session.js').GuestView} guest */
async function ban(session, { id, name }) {
  const text = 'They have to leave at once, and cannot come back.'
  if (await askSure({ title: `Ban ${name}?`, text, yes: 'Ban' })) session.say({ type: 'ban', guest: id })
}
