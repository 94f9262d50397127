import { element, say } from '../../page/elements.js'
import { announce } from '../page/notes.js'
import { TimeLine } from './time-line.js'

/**
 * What is on air, and the controls that everybody shares: whoever presses one, it is so for all.
 *
 * @typedef {import('../session/room-session.js').RoomSession} RoomSession
 * @typedef {import('../../../../room/src/messages/room-messages.ts').Screen} Screen
 */

const SHOWN_EACH_MS = 200
/** A first picture that takes longer is worth a word. */
const PATIENCE_MS = 1500

export class Playback {
  #session
  #picture
  #play = /** @type {HTMLButtonElement} */ (element('play'))
  #next = /** @type {HTMLButtonElement} */ (element('next'))
  #timeLine
  /** @type {Screen} */
  #screen = { isLive: false, isPlaying: false, isWaiting: false, position: 0, time: 0 }
  #changedMs = 0
  /** The topic of a guest's camera that is enlarged. @type {{ topic: string, name: string } | undefined} */
  #enlarged

  /** @param {RoomSession} session @param {import('./stage-picture.js').StagePicture} picture */
  constructor(session, picture) {
    this.#session = session
    this.#picture = picture
    this.#timeLine = new TimeLine((to) => session.say({ type: 'seek', to }))
    this.#play.addEventListener('click', () => this.toggle())
    this.#next.addEventListener('click', () => session.say({ type: 'next' }))
    setInterval(() => this.#follow(), SHOWN_EACH_MS)
    this.#show()
  }

  /** Whether something is on air. */
  get isOnAir() {
    return this.#screen.film !== undefined
  }

  /** @param {import('../session/room-session.js').RoomMessage} message */
  take(message) {
    if (message.type === 'welcome' || message.type === 'screen') this.#change(message.screen, message.type)
    if (message.type === 'rules' || message.type === 'guests') this.#show()
  }

  /** Plays, or pauses, for everybody. */
  toggle() {
    if (!this.#play.disabled) this.#session.say({ type: this.#screen.isPlaying ? 'pause' : 'play' })
  }

  /** Shows a camera in place of what is on air, here alone. @param {{ topic: string, name: string } | undefined} camera */
  enlarge(camera) {
    this.#enlarged = camera
    this.#changedMs = performance.now()
    this.#show()
  }

  /** @param {Screen} screen @param {string} how */
  #change(screen, how) {
    const before = this.#screen
    this.#screen = screen
    const isOther = screen.film !== before.film || screen.isWaiting !== before.isWaiting
    if (isOther) this.#changedMs = performance.now()
    this.#timeLine.settle()
    this.#show()
    if (how === 'screen') announce(tellChange(before, screen, this.#session.you.name))
  }

  #show() {
    const { film, isLive, isPlaying, seconds } = this.#screen
    const isNothing = film === undefined
    const { body } = document
    body.dataset['air'] = isNothing ? 'nothing' : isLive ? 'live' : 'film'
    body.toggleAttribute('data-playing', isPlaying && !isNothing)
    const mayDirect = this.#session.mayDirect
    this.#play.disabled = isNothing || !mayDirect
    this.#next.disabled = !mayDirect
    say(element('play-name'), isPlaying && !isNothing ? 'Pause' : 'Play')
    this.#play.title = isPlaying ? 'Pause (space)' : 'Play (space)'
    // Some files do not say how long they are.
    if (isNothing) this.#timeLine.clear()
    else this.#timeLine.setLength(isLive ? undefined : seconds || undefined, mayDirect)
    const topic = isNothing ? undefined : `video/${this.#session.room}`
    const { topic: shown, name } = this.#enlarged ?? { topic, name: this.#screen.name ?? '' }
    this.#picture.show(shown, name === '' ? 'No picture yet' : `${name}, the picture on air`)
    this.#showOnAir()
    this.#follow()
  }

  #showOnAir() {
    const { film, name, by, isLive, isPlaying } = this.#screen
    const where = element('on-air')
    where.replaceChildren()
    if (film === undefined) return
    const title = document.createElement('b')
    title.dir = 'auto'
    title.textContent = name ?? film
    where.append(title)
    const isPaused = !isPlaying && !isLive
    if (!this.#session.mayDirect) where.append(' · hosts decide what is on air')
    else if (by !== undefined) where.append(isPaused ? ` · paused by ${by}` : ` · by ${by}`)
    where.title = where.textContent ?? ''
  }

  #follow() {
    const { film, isLive, isPlaying, isWaiting, problem, position, time } = this.#screen
    const seconds = this.#screen.seconds ?? Number.POSITIVE_INFINITY
    const isMoving = isPlaying && !isWaiting && problem === undefined
    const place = isMoving ? position + this.#session.now - time : position
    if (film !== undefined && !isLive) this.#timeLine.follow(Math.min(Math.max(place, 0), seconds))
    if (isLive) say(element('time'), 'Live')
    this.#showAir()
  }

  /** What is said where there is no picture. */
  #showAir() {
    const [title, text] = this.#enlarged && this.#picture.isThere ? ['', ''] : this.#tellAir()
    say(element('air-title'), title)
    say(element('air-text'), text)
  }

  /** @returns {[title: string, text: string]} */
  #tellAir() {
    const { film, name = 'This', problem } = this.#screen
    const isHost = this.#session.mayDirect
    if (film === undefined && !this.#enlarged) {
      return ['Nothing on air yet', isHost ? 'Choose a film or drop one here.' : 'A host chooses what comes.']
    }
    if (problem !== undefined) return [`${name} stands still`, problem]
    const isLong = performance.now() - this.#changedMs > PATIENCE_MS
    return isLong && (this.#screen.isWaiting || !this.#picture.isThere)
      ? ['Waiting for the picture', 'It appears by itself.']
      : ['', '']
  }
}

/** What somebody else has done, in a sentence. @param {Screen} before @param {Screen} now @param {string} self */
function tellChange(before, now, self) {
  const who = now.by === undefined || now.by === self ? '' : `${now.by}: `
  if (now.film === undefined) return before.film === undefined ? '' : `${who}nothing on air`
  if (now.film !== before.film) return `${who}${now.name ?? now.film} on air`
  if (now.isPlaying !== before.isPlaying) return `${who}${now.isPlaying ? 'playing' : 'paused'}`
  return ''
}
