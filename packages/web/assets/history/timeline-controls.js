import { make, makeChoice, makeIcon, makeToggle, say } from '../page/elements.js'

/** What is beside the timeline: buttons, and which moment it is. */

const SPEEDS = { 0.25: '¼×', 0.5: '½×', 1: '1×', 2: '2×', 4: '4×', 8: '8×' }
const [PLAY, PAUSE] = ['M6.5 4.5v11l9-5.5z', 'M7 4.5v11M13 4.5v11']
const [BEFORE, AFTER] = ['M13.5 5 8 10l5.5 5M5.5 5v10', 'M6.5 5l5.5 5-5.5 5M14.5 5v10']

/**
 * @typedef {object} ControlListeners
 * @property {() => void} onToggle Play or pause.
 * @property {(direction: -1 | 1) => void} onStep
 * @property {(speed: number) => void} onSpeed
 * @property {(end: 'from' | 'to') => void} onMark An end of the selection is here.
 * @property {() => void} onClear
 * @property {(on: boolean) => void} onLoop
 * @property {() => void} onSave
 * @property {() => void} onCatchUp
 * @property {() => void} onLive
 */

export class TimelineControls {
  element = make('div', 'controls')
  #play
  #time = make('span', 'time')
  #behind = make('span', 'behind')
  #late = make('span', 'late')
  #speed
  #clear
  #loop
  #save
  #catchUp
  #live

  /** @param {ControlListeners} listeners */
  constructor(listeners) {
    this.#play = makeButton('Play', PLAY, listeners.onToggle)
    this.#play.setAttribute('aria-keyshortcuts', 'Space')
    const before = makeButton('Picture before', BEFORE, () => listeners.onStep(-1))
    before.setAttribute('aria-keyshortcuts', ',')
    const after = makeButton('Picture after', AFTER, () => listeners.onStep(1))
    after.setAttribute('aria-keyshortcuts', '.')
    this.#speed = makeChoice('Speed', SPEEDS, '1', (speed) => listeners.onSpeed(Number(speed)))
    const from = makeTextButton('Start', 'The selection starts here (i)', () => listeners.onMark('from'))
    const to = makeTextButton('End', 'The selection ends here (o)', () => listeners.onMark('to'))
    this.#clear = makeTextButton('Clear', 'No selection', listeners.onClear)
    this.#clear.classList.add('clear')
    this.#loop = makeToggle('Loop', false, listeners.onLoop)
    this.#loop.title = 'Play the selection again and again (l)'
    this.#save = makeTextButton('Save', 'Save the selection, or all that is kept', listeners.onSave)
    this.#save.setAttribute('aria-expanded', 'false')
    this.#catchUp = makeTextButton(
      'Catch up',
      'Play at 8 times the speed until it is live',
      listeners.onCatchUp,
    )
    this.#live = makeTextButton('Live', 'Jump to what comes now', listeners.onLive)
    this.#live.classList.add('go-live')
    const moment = make('span', 'when')
    this.#late.setAttribute('role', 'status')
    moment.append(this.#time, this.#behind, this.#late)
    const selection = makeGroup('Selection', [from, to, this.#clear, this.#loop])
    selection.classList.add('selection')
    const end = makeGroup('Present', [this.#save, this.#catchUp, this.#live])
    end.classList.add('present')
    this.element.append(
      makeGroup('Playing', [before, this.#play, after, this.#speed]),
      moment,
      selection,
      end,
    )
    this.tellSelection(false)
  }

  /** @param {{ isPlaying: boolean, isLive: boolean, hasPresent: boolean, canSave: boolean }} told */
  tell({ isPlaying, isLive, hasPresent, canSave }) {
    const name = isPlaying ? 'Pause' : 'Play'
    if (this.#play.getAttribute('aria-label') !== name) {
      this.#play.setAttribute('aria-label', name)
      this.#play.title = `${name} (space)`
      this.#play.replaceChildren(makeIcon(isPlaying ? PAUSE : PLAY))
    }
    this.#live.hidden = !hasPresent
    this.#live.setAttribute('aria-pressed', String(isLive))
    this.#catchUp.hidden = !hasPresent
    this.#catchUp.disabled = isLive
    this.#save.hidden = !canSave
  }

  /** @param {string} time @param {string} behind */
  tellTime(time, behind) {
    say(this.#time, time)
    say(this.#behind, behind)
  }

  /** Says that pictures come later than the moment, if they do. @param {boolean} isLate */
  tellLate(isLate) {
    say(this.#late, isLate ? 'Pictures come late' : '')
  }

  /** @param {boolean} isThere */
  tellSelection(isThere) {
    this.#clear.disabled = !isThere
  }

  set loop(/** @type {boolean} */ on) {
    this.#loop.setAttribute('aria-pressed', String(on))
  }

  set speed(/** @type {number} */ speed) {
    this.#speed.value = String(speed)
  }

  set isSaving(/** @type {boolean} */ isOpen) {
    this.#save.setAttribute('aria-expanded', String(isOpen))
  }
}

/** @param {string} name @param {HTMLElement[]} members */
function makeGroup(name, members) {
  const group = make('div', 'group')
  group.setAttribute('role', 'group')
  group.setAttribute('aria-label', name)
  group.append(...members)
  return group
}

/** @param {string} name @param {string} icon @param {() => void} onClick */
function makeButton(name, icon, onClick) {
  const button = make('button')
  button.type = 'button'
  button.setAttribute('aria-label', name)
  button.title = name
  button.append(makeIcon(icon))
  button.addEventListener('click', onClick)
  return button
}

/** @param {string} text @param {string} title @param {() => void} onClick */
function makeTextButton(text, title, onClick) {
  const button = make('button', 'chip', text)
  button.type = 'button'
  button.title = title
  button.addEventListener('click', onClick)
  return button
}
