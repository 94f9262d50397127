import { recallGuest, rememberGuest } from './remembered-guest.js'
import { RoomLink } from './room-link.js'

/**
 * The guest's stay in the room: who they are, who else is here, by which rules; and the way to say something.
 *
 * @typedef {import('./room-link.js').RoomMessage} RoomMessage
 * @typedef {import('./room-link.js').GuestMessage} GuestMessage
 * @typedef {import('../../../../room/src/messages/room-messages.ts').GuestView} GuestView
 * @typedef {import('../../../../room/src/messages/room-messages.ts').RoomRules} RoomRules
 *
 * @typedef {'joining' | 'connecting' | 'joined' | 'lost' | 'ended'} Stay
 *
 * @typedef {object} Panel A part of the page.
 * @property {(message: RoomMessage) => void} take Takes each message of the room.
 */

export class RoomSession {
  clock
  /** @type {{ id: string, key: string, name: string, isHost: boolean }} */
  you = { id: '', key: '', name: '', isHost: false }
  /** @type {RoomRules} */
  rules = {
    hostsOnly: false,
    echoDelaySeconds: 10,
    maxVoiceSeconds: 60,
    maxCharacters: 500,
    slowSeconds: 0,
    maxUploadBytes: 0,
    isPublic: false,
  }
  /** The room's name. */
  room = ''
  /** @type {readonly GuestView[]} */
  guests = []
  /** @type {Panel[]} */
  #panels = []
  /** @type {RoomLink | undefined} */
  #link
  #onStay
  /** @type {Stay} */
  #stay = 'joining'

  /**
   * @param {import('../../sound/server-clock.js').ServerClock} clock That of the room.
   * @param {(stay: Stay, reason: string) => void} onStay Called whenever it changes.
   */
  constructor(clock, onStay) {
    this.clock = clock
    this.#onStay = onStay
  }

  /** @returns {Stay} */
  get stay() {
    return this.#stay
  }

  /** The room's time now, in seconds since the Unix epoch. */
  get now() {
    return this.clock.timeAt(performance.now())
  }

  /** Whether the guest may decide what is on air. */
  get mayDirect() {
    return this.you.isHost || !this.rules.hostsOnly
  }

  /** Tells a part of the page whatever the room says. @param {Panel} panel */
  add(panel) {
    this.#panels.push(panel)
  }

  /** Goes in; as the guest that this tab was before, where the name is the same. @param {string} name */
  join(name) {
    this.#link?.end()
    const before = recallGuest()
    this.you = { ...this.you, name, key: before?.name === name ? before.key : '' }
    this.#turn('connecting')
    this.#link = new RoomLink({
      onOpen: () => {
        const { name, key } = this.you
        this.#link?.send({ type: 'join', name, ...(key !== '' && { key }) })
      },
      onMessage: (message) => this.#take(message),
      onLost: () => {
        // The next room may be another one.
        this.clock.doubt()
        this.#turn(this.#stay === 'connecting' ? 'connecting' : 'lost')
      },
    })
  }

  /** Goes in as the guest that this tab was, if it was one. @returns {boolean} */
  joinAgain() {
    const guest = recallGuest()
    if (guest) this.join(guest.name)
    return guest !== undefined
  }

  /** Says something to the room. @param {GuestMessage} message @returns {boolean} False where there is no connection. */
  say(message) {
    return this.#stay === 'joined' && (this.#link?.send(message) ?? false)
  }

  /** Somebody by their id. @param {string} id */
  find(id) {
    return this.guests.find((guest) => guest.id === id)
  }

  /** @param {RoomMessage} message */
  #take(message) {
    if (message.type === 'clock') this.clock.answer(message.asked, message.time)
    if (message.type === 'welcome') {
      this.you = message.you
      this.room = message.room
      this.rules = message.rules
      this.guests = message.guests
      rememberGuest(message.you)
      this.#turn('joined')
    }
    if (message.type === 'guests') this.#meet(message.guests)
    if (message.type === 'rules') this.rules = message.rules
    if (message.type === 'goodbye') this.#end('ended', message.reason)
    // Too many at once, as after the room was started anew: the link tries again by itself.
    const isKeptOut = message.type === 'refused' && message.about === 'join' && message.code !== 'ERR_BUSY'
    if (isKeptOut) this.#end('joining', message.reason)
    for (const panel of this.#panels) panel.take(message)
  }

  /** @param {readonly GuestView[]} guests */
  #meet(guests) {
    this.guests = guests
    const self = this.find(this.you.id)
    if (self) this.you = { ...this.you, isHost: self.isHost }
  }

  /** @param {Stay} stay @param {string} reason */
  #end(stay, reason) {
    this.#link?.end()
    this.#link = undefined
    this.#turn(stay, reason)
  }

  /** @param {Stay} stay */
  #turn(stay, reason = '') {
    if (stay === this.#stay && reason === '') return
    this.#stay = stay
    this.#onStay(stay, reason)
  }
}
