import { make } from '../page/elements.js'
import { formatTime } from '../page/times.js'
import { PastSocket } from './past-socket.js'
import { PictureLag } from './picture-lag.js'
import { PlayClock } from './play-clock.js'
import { SavePanel } from './save-panel.js'
import { TimelineBar } from './timeline-bar.js'
import { TimelineControls } from './timeline-controls.js'
import { clamp, formatLength, spanOf } from './timeline-scale.js'

/**
 * The timeline of a page, and what moves along it: everything on the page shows its moment, or what is live.
 *
 * @typedef {import('./timeline-scale.js').Span} Span
 *
 * @typedef {object} PastPage What shows the moment.
 * @property {() => readonly string[]} topics The pictures that are in sight.
 * @property {() => number} width How wide the widest of them is shown, in pixels of the screen.
 * @property {(message: import('../../src/history/past-messages.ts').TimelineMessage) => void} onTimeline
 * @property {(time: number | undefined, kept: import('./moment-window.js').Kept) => void} onMoment `undefined` is what is live.
 * @property {(picture: import('./past-socket.js').PastPicture) => void} onPicture
 * @property {(topics: readonly string[]) => void} onMissing Nothing is kept of these at the moment.
 */

/** What is drawn anew with the moment takes time that pictures need. */
const MOMENT_MS = 50
/** A moment that comes this soon after the one before is passed over: smaller pictures do, and are there sooner. */
const MOVING_MS = 200
/** The rest of an older moment is waited for so long: with it, all pictures are of one moment. */
const REST_MS = 100
const LEAST_WIDTH = 64
/** An answer that has not come by then may never come. */
const PATIENCE_MS = 1000
/** What comes this much later than the moment is said to be late. */
const LATE_MS = 800
const FAST = 8
/** Closer to the present than this, it has been caught up with. */
const NEAR_SECONDS = 0.1

export class Rewind {
  element = make('section', 'timeline')
  #page
  #bar
  #controls
  #panel
  #socket
  #clock = new PlayClock()
  #lag = new PictureLag()
  /** @type {import('../sound/past-playout.js').Playback} */
  #playback = {
    clock: this.#clock,
    lag: this.#lag,
    kept: () => ({ ...this.#kept, isGrowing: this.#told?.isLive ?? false }),
  }
  #isLive = true
  /** @type {import('../../src/history/past-messages.ts').TimelineMessage | undefined} */
  #told
  #toldAtMs = 0
  /** @type {Span | undefined} */
  #selection
  #loops = false
  /** What is shown of the pictures, as the server was told. */
  #shown = ''
  #request = 0
  #askedAtMs = 0
  /** From where on it was asked to play. */
  #playedFrom = 0
  #isAnswered = true
  /** Runs until an answer is late. @type {ReturnType<typeof setTimeout> | undefined} */
  #doubting
  /** The newest moment that is still to be asked for, while the last one is on its way. @type {number | undefined} */
  #wanted
  #isStep = false
  #soughtAtMs = Number.NEGATIVE_INFINITY
  /** Runs while one moment follows another. @type {ReturnType<typeof setTimeout> | undefined} */
  #moving
  /** Whether it plays on once the finger leaves the bar. */
  #resumes = false
  #momentAtMs = 0
  /** Draws what was passed over because it came too soon. @type {ReturnType<typeof setTimeout> | undefined} */
  #later
  #frame = 0

  /** @param {PastPage} page */
  constructor(page) {
    this.#page = page
    this.#bar = new TimelineBar({
      onSeek: (time) => this.seek(time),
      onSelect: (span) => this.#select(span),
      onHold: (isHeld) => this.#hold(isHeld),
    })
    this.#controls = new TimelineControls({
      onToggle: () => this.toggle(),
      onStep: (direction) => this.#step(direction),
      onSpeed: (speed) => this.#setSpeed(speed),
      onMark: (end) => this.#mark(end),
      onClear: () => this.#select(undefined),
      onLoop: (on) => (this.#loops = on),
      onSave: () => this.#openPanel(),
      onCatchUp: () => this.#catchUp(),
      onLive: () => this.#goLive(),
    })
    this.#panel = new SavePanel(() => this.#selection ?? this.#kept)
    this.element.setAttribute('aria-label', 'Timeline')
    this.element.hidden = true
    this.element.append(this.#panel.element, this.#bar.element, this.#controls.element)
    // What fills the page leaves it in sight.
    new ResizeObserver(() => {
      document.body.style.setProperty('--timeline-height', `${this.element.offsetHeight}px`)
    }).observe(this.element)
    this.#socket = new PastSocket({
      onPicture: (picture) => this.#takePicture(picture),
      onText: (message) => this.#take(message),
      onOpen: () => {
        this.#shown = ''
        this.#again()
      },
    })
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.#again()
    })
  }

  /** Whether the page shows what comes now. */
  get isLive() {
    return this.#isLive
  }

  /** What sound of the past follows. */
  get playback() {
    return this.#playback
  }

  /** Plays, or stands still. */
  toggle() {
    if (!this.#told || this.#told.from === null) return
    if (this.#clock.isRunning) return this.#pause()
    if (this.#isLive) return this.seek(this.#present)
    const { from, to } = this.#loopSpan ?? this.#kept
    const time = this.#clock.timeAt(performance.now())
    // At the end it begins again.
    if (!this.#told.isLive && time >= to - NEAR_SECONDS) this.#clock.seek(from, performance.now())
    this.#play()
  }

  /** Shows another moment. @param {number} time Seconds since the Unix epoch. */
  seek(time) {
    if (!this.#told || this.#told.from === null) return
    this.#isLive = false
    this.#move()
    this.#clock.seek(clamp(time, this.#kept.from, Math.max(this.#present, this.#kept.to)), performance.now())
    if (this.#clock.isRunning) this.#askToPlay()
    else this.#want(this.#clock.timeAt(performance.now()))
    this.#showMoment(this.#moving === undefined)
  }

  /** Asks for the pictures that are in sight now. */
  show() {
    if (!this.#isLive && this.#page.topics().join() !== this.#shown) this.#again()
  }

  /** Does what a key means here. @param {KeyboardEvent} event @returns {boolean} Whether it means anything. */
  press(event) {
    if (this.element.hidden) return false
    const now = this.#isLive ? this.#present : this.#clock.timeAt(performance.now())
    const far = event.shiftKey ? 10 : 1
    /** @type {Record<string, () => void>} */
    const acts = {
      ' ': () => this.toggle(),
      ',': () => this.#step(-1),
      '.': () => this.#step(1),
      i: () => this.#mark('from'),
      o: () => this.#mark('to'),
      l: () => {
        this.#loops = !this.#loops
        this.#controls.loop = this.#loops
      },
    }
    // Elsewhere, arrows belong to what has the focus.
    if (document.activeElement === document.body) {
      acts['ArrowLeft'] = () => this.seek(now - far)
      acts['ArrowRight'] = () => this.seek(now + far)
    }
    const act = acts[event.key]
    act?.()
    return act !== undefined
  }

  get #kept() {
    const { from, to } = this.#told ?? {}
    return { from: from ?? 0, to: to ?? 0 }
  }

  /** Where the time has come; the end of a recording. */
  get #present() {
    const { to } = this.#kept
    return this.#told?.isLive ? to + (performance.now() - this.#toldAtMs) / 1000 : to
  }

  get #loopSpan() {
    return this.#loops ? (this.#selection ?? this.#kept) : undefined
  }

  /** @param {import('../../src/history/past-messages.ts').PastMessage} message */
  #take(message) {
    if (message.type === 'timeline') return this.#takeTimeline(message)
    if (message.request !== this.#request) return
    if (message.type === 'reached') return this.#reach()
    this.#isAnswered = true
    if (this.#isStep && !this.#clock.isRunning) {
      this.#clock.seek(message.time, performance.now())
      this.#showMoment(true)
    }
    this.#isStep = false
    this.#sayLate()
    this.#page.onMissing(message.missing)
    if (this.#wanted !== undefined) this.#want(this.#wanted)
  }

  /** @param {import('../../src/history/past-messages.ts').TimelineMessage} message */
  #takeTimeline(message) {
    const isFirst = this.#told === undefined || this.#told.from === null
    this.#told = message
    this.#toldAtMs = performance.now()
    this.element.hidden = message.from === null
    if (message.from === null || message.to === null) return
    this.#bar.tell(this.#kept, message)
    this.#panel.offer(message.formats, message.topics)
    this.#page.onTimeline(message)
    if (this.#selection) this.#select(this.#selection)
    if (isFirst && !message.isLive) return this.seek(message.from)
    // What is shown is forgotten: the oldest there is takes its place.
    if (!this.#isLive && !this.#bar.isDragged && this.#clock.timeAt(performance.now()) < message.from)
      this.seek(message.from)
    this.#showMoment(true)
  }

  /** @param {import('./past-socket.js').PastPicture} picture */
  #takePicture(picture) {
    if (this.#isLive) return picture.bitmap.close()
    this.#noteLag(picture)
    this.#page.onPicture(picture)
    const isOverdue = performance.now() - this.#askedAtMs > REST_MS
    if (picture.request === this.#request && this.#wanted !== undefined && isOverdue) {
      this.#isAnswered = true
      this.#want(this.#wanted)
    }
  }

  /** @param {import('./past-socket.js').PastPicture} picture */
  #noteLag(picture) {
    const { isRunning, speed } = this.#clock
    const isDue = isRunning && picture.request === this.#request && picture.recordedAt >= this.#playedFrom
    this.#lag.note(picture, isDue ? { time: this.#clock.timeAt(performance.now()), speed } : undefined)
  }

  /** Asks for a moment once the one before is there, so that none piles up on a slow way. @param {number} time */
  #want(time) {
    this.#wanted = time
    const nowMs = performance.now()
    if (!this.#isAnswered && nowMs - this.#askedAtMs < PATIENCE_MS) return
    this.#wanted = undefined
    const width = Math.max(Math.ceil(this.#page.width()), LEAST_WIDTH)
    this.#ask(() => this.#socket.at(time, this.#moving === undefined ? undefined : width))
  }

  /** Notes that the moment is another one: several of them, one soon after the other, are followed by the last at its best. */
  #move() {
    const nowMs = performance.now()
    const isMoving = nowMs - this.#soughtAtMs < MOVING_MS
    this.#soughtAtMs = nowMs
    this.#stand()
    if (isMoving) this.#moving = setTimeout(() => this.#again(), MOVING_MS)
  }

  #stand() {
    clearTimeout(this.#moving)
    this.#moving = undefined
  }

  #askToPlay() {
    const time = this.#clock.timeAt(performance.now())
    this.#playedFrom = time
    this.#lag.newest = 0
    this.#ask(() => this.#socket.play(time, this.#clock.speed))
  }

  /** @param {() => number} ask */
  #ask(ask) {
    const topics = this.#page.topics()
    if (topics.join() !== this.#shown) this.#socket.show(topics)
    this.#shown = topics.join()
    this.#isStep = false
    this.#isAnswered = false
    this.#askedAtMs = performance.now()
    this.#request = ask()
    clearTimeout(this.#doubting)
    this.#doubting = setTimeout(() => this.#sayLate(), LATE_MS + 1)
  }

  /** What is shown is asked for once more: other pictures are in sight, or the connection is another one. */
  #again() {
    this.#stand()
    if (this.#isLive || !this.#told) return
    if (this.#clock.isRunning) return this.#askToPlay()
    this.#isAnswered = true
    this.#want(this.#clock.timeAt(performance.now()))
  }

  #play() {
    this.#stand()
    this.#clock.start(performance.now())
    this.#wanted = undefined
    this.#askToPlay()
    this.#showMoment(true)
    this.#follow()
  }

  #pause() {
    this.#clock.stop(performance.now())
    this.#isAnswered = true
    this.#want(this.#clock.timeAt(performance.now()))
    this.#showMoment(true)
  }

  /** While time goes on. */
  #follow() {
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(() => {
      if (!this.#clock.isRunning || this.#isLive) return
      const nowMs = performance.now()
      const time = this.#clock.timeAt(nowMs)
      const loop = this.#loopSpan
      if (loop && (time >= loop.to || time < loop.from - NEAR_SECONDS)) this.seek(loop.from)
      // Where more comes, the server says when all that has come was played.
      else if (!this.#told?.isLive && time >= this.#present - NEAR_SECONDS) this.#reach()
      this.#showMoment(false)
      this.#follow()
    })
  }

  /** The end of what is kept. */
  #reach() {
    if (this.#told?.isLive) return this.#goLive()
    const loop = this.#loopSpan
    if (loop) return this.seek(loop.from)
    this.#clock.seek(this.#kept.to, performance.now())
    this.#pause()
  }

  /** @param {boolean} isHeld */
  #hold(isHeld) {
    if (isHeld) {
      this.#resumes = this.#clock.isRunning
      if (this.#resumes) this.#pause()
    } else if (this.#resumes) this.#play()
  }

  /** @param {-1 | 1} direction */
  #step(direction) {
    if (!this.#told || this.#told.from === null) return
    if (this.#isLive) this.seek(this.#present)
    if (this.#clock.isRunning) this.#pause()
    this.#wanted = undefined
    this.#stand()
    const time = this.#clock.timeAt(performance.now())
    this.#ask(() => this.#socket.step(time, direction))
    this.#isStep = true
  }

  /** @param {number} speed */
  #setSpeed(speed) {
    this.#clock.setSpeed(speed, performance.now())
    this.#controls.speed = speed
    if (this.#clock.isRunning) this.#askToPlay()
  }

  #catchUp() {
    if (this.#isLive) return
    this.#loops = false
    this.#controls.loop = false
    this.#setSpeed(FAST)
    if (!this.#clock.isRunning) this.#play()
  }

  #goLive() {
    this.#isLive = true
    this.#clock.stop(performance.now())
    this.#setSpeed(1)
    this.#wanted = undefined
    this.#isAnswered = true
    this.#socket.rest()
    this.#page.onMoment(undefined, { ...this.#kept, isGrowing: true })
    this.#showMoment(true)
  }

  /** @param {'from' | 'to'} end */
  #mark(end) {
    if (!this.#told || this.#told.from === null) return
    const time = this.#isLive ? this.#kept.to : this.#clock.timeAt(performance.now())
    const { from, to } = this.#selection ?? this.#kept
    this.#select(
      end === 'from' ? { from: time, to: Math.max(to, time) } : { from: Math.min(from, time), to: time },
    )
  }

  /** @param {Span | undefined} span */
  #select(span) {
    this.#selection = span && spanOf(this.#kept, span.from, span.to)
    this.#bar.selection = this.#selection
    this.#controls.tellSelection(this.#selection !== undefined)
    this.#panel.tell()
  }

  #openPanel() {
    const { element } = this.#panel
    element.hidden = !element.hidden
    this.#controls.isSaving = !element.hidden
    this.#panel.tell()
    if (!element.hidden) element.querySelector('select')?.focus()
  }

  /** Says so where the network, or this browser, shows pictures so late that a person should know. */
  #sayLate() {
    const isUnanswered = !this.#isAnswered && performance.now() - this.#askedAtMs > LATE_MS
    const isLate = isUnanswered || (this.#clock.isRunning && this.#lag.newest * 1000 > LATE_MS)
    this.#controls.tellLate(isLate && !this.#isLive)
  }

  /** @param {boolean} isNew Whether it is another moment than time led to. */
  #showMoment(isNew) {
    const nowMs = performance.now()
    const { from } = this.#kept
    const present = this.#present
    const time = this.#isLive ? present : Math.min(this.#clock.timeAt(nowMs), present)
    this.#bar.time = time
    const { isLive: hasPresent = false, formats = [] } = this.#told ?? {}
    const behind = hasPresent
      ? this.#isLive
        ? 'live'
        : `−${formatLength(present - time)}`
      : `${formatLength(time - from, true)} of ${formatLength(present - from, true)}`
    this.#controls.tellTime(formatTime(time), behind)
    const isPlaying = this.#isLive || this.#clock.isRunning
    this.#controls.tell({ isPlaying, isLive: this.#isLive, hasPresent, canSave: formats.length > 0 })
    this.#sayLate()
    this.#panel.tell()
    if (this.#isLive) return
    clearTimeout(this.#later)
    if (!isNew && nowMs - this.#momentAtMs < MOMENT_MS) {
      this.#later = setTimeout(() => this.#showMoment(true), MOMENT_MS)
      return
    }
    this.#momentAtMs = nowMs
    this.#page.onMoment(time, { ...this.#kept, isGrowing: hasPresent })
  }
}
