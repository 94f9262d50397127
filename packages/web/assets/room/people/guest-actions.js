import { askSure } from '../page/sure.js'

/**
 * @typedef {import('../session/room-session.js').RoomSession} RoomSession
 * @typedef {import('../page/menu.js').MenuItem} MenuItem
 */

const MUTED_MINUTES = 10

/** What can be done with a guest who is here: what they show can be put on air. @param {RoomSession} session @param {string} id @returns {MenuItem[]} */
export function listGuestChoices(session, id) {
  const guest = session.find(id)
  const camera = session.mayDirect ? guest?.camera : undefined
  /** @type {MenuItem[]} */
  const choices = []
  if (guest && camera !== undefined) {
    const whose = id === session.you.id ? 'your' : `${guest.name}’s`
    const film = `video/${camera}`
    choices.push({
      text: `Put ${whose} ${guest.isScreen ? 'screen' : 'camera'} on air`,
      act: () => void session.say({ type: 'air', film }),
    })
  }
  const isOther = session.you.isHost && id !== session.you.id
  return isOther ? [...choices, ...listGuestActions(session, id)] : choices
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
