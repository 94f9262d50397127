import { make } from '../page/elements.js'
import { KeptPast } from './kept-past.js'
import { MomentDisplay } from './moment-display.js'
import { LATE_MS, PastRequests } from './past-requests.js'
import { PictureLag } from './picture-lag.js'
import { PlayClock } from './play-clock.js'
import { TimelineBar } from './timeline-bar.js'
import { TimelineControls } from './timeline-controls.js'
import { pressTimelineKey } from './timeline-keys.js'
import { clamp } from './timeline-scale.js'
import { TimelineSelection } from './timeline-selection.js'

/**
 * The timeline of a page, and what moves along it: everything on the page shows its moment, or what is live.
 *
 * @typedef {object} PastPage What shows the moment.
 * @property {() => readonly string[]} topics The pictures that are in sight.
 * @property {() => number} width How wide the widest of them is shown, in pixels of the screen.
 * @property {(message: import('../../src/history/past-messages.ts').TimelineMessage) => void} onTimeline
 * @property {(time: number | undefined, kept: import('./moment-window.js').Kept) => void} onMoment `undefined` is what is live.
 * @property {(picture: import('./past-socket.js').PastPicture) => void} onPicture
 * @property {(topics: readonly string[]) => void} onMissing Nothing is kept of these at the moment.
 */

const FAST = 8
/** Closer to the present than this, it has been caught up with. */
const NEAR_SECONDS = 0.1

export class Rewind {
  element = make('section', 'timeline')
  #page
  #bar
  #controls
  #selection
  #requests
  #display
  #past = new KeptPast()
  #clock = new PlayClock()
  #lag = new PictureLag()
  /** @type {import('../sound/past-playout.js').Playback} */
  #playback = {
    clock: this.#clock,
    lag: this.#lag,
    kept: () => this.#past.kept,
  }
  #isLive = true
  /** From where on it was asked to play. */
  #playedFrom = 0
  /** Whether it plays on once the finger leaves the bar. */
  #resumes = false
  #frame = 0

  /** @param {PastPage} page */
  constructor(page) {
    this.#page = page
    this.#bar = new TimelineBar({
      onSeek: (time) => this.seek(time),
      onSelect: (span) => this.#selection.choose(span),
      onHold: (isHeld) => this.#hold(isHeld),
    })
    this.#controls = new TimelineControls({
      onToggle: () => this.toggle(),
      onStep: (direction) => this.#step(direction),
      onSpeed: (speed) => this.#setSpeed(speed),
      onMark: (end) => this.#mark(end),
      onClear: () => this.#selection.choose(undefined),
      onLoop: (on) => (this.#selection.loops = on),
      onSave: () => this.#selection.togglePanel(),
      onCatchUp: () => this.#catchUp(),
      onLive: () => this.#goLive(),
    })
    this.#selection = new TimelineSelection(this.#bar, this.#controls, () => this.#past.span)
    const onMoment = page.onMoment
    this.#display = new MomentDisplay(this.#bar, this.#controls, this.#past, onMoment)
    this.element.setAttribute('aria-label', 'Timeline')
    this.element.hidden = true
    this.element.append(this.#selection.panel.element, this.#bar.element, this.#controls.element)
    // What fills the page leaves it in sight.
    new ResizeObserver(() => {
      document.body.style.setProperty('--timeline-height', `${this.element.offsetHeight}px`)
    }).observe(this.element)
    this.#requests = new PastRequests({
      topics: page.topics,
      width: page.width,
      onPicture: (picture) => this.#takePicture(picture),
      onText: (message) => this.#take(message),
      onAgain: () => this.#again(),
      onLate: () => this.#sayLate(),
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
    if (this.#past.isEmpty) return
    if (this.#clock.isRunning) return this.#pause()
    if (this.#isLive) return this.seek(this.#past.present)
    const { from, to } = this.#selection.loop ?? this.#past.span
    const time = this.#clock.timeAt(performance.now())
    // At the end it begins again.
    if (!this.#past.isGrowing && time >= to - NEAR_SECONDS) this.#clock.seek(from, performance.now())
    this.#play()
  }

  /** Shows another moment. @param {number} time Seconds since the Unix epoch. */
  seek(time) {
    if (this.#past.isEmpty) return
    this.#isLive = false
    this.#requests.move()
    this.#clock.seek(
      clamp(time, this.#past.span.from, Math.max(this.#past.present, this.#past.span.to)),
      performance.now(),
    )
    if (this.#clock.isRunning) this.#askToPlay()
    else this.#requests.want(this.#clock.timeAt(performance.now()))
    this.#showMoment(!this.#requests.isMoving)
  }

  /** Asks for the pictures that are in sight now. */
  show() {
    if (!this.#isLive && !this.#requests.isOfSight) this.#again()
  }

  /** Does what a key means here. @param {KeyboardEvent} event @returns {boolean} Whether it means anything. */
  press(event) {
    if (this.element.hidden) return false
    const now = this.#isLive ? this.#past.present : this.#clock.timeAt(performance.now())
    return pressTimelineKey(event, {
      toggle: () => this.toggle(),
      step: (direction) => this.#step(direction),
      mark: (end) => this.#mark(end),
      loop: () => this.#selection.toggleLoop(),
      go: (seconds) => this.seek(now + seconds),
    })
  }

  /** @param {import('../../src/history/past-messages.ts').PastMessage} message */
  #take(message) {
    if (message.type === 'timeline') return this.#takeTimeline(message)
    if (!this.#requests.isNewest(message)) return
    if (message.type === 'reached') return this.#reach()
    if (this.#requests.answer() && !this.#clock.isRunning) {
      this.#clock.seek(message.time, performance.now())
      this.#showMoment(true)
    }
    this.#sayLate()
    this.#page.onMissing(message.missing)
    this.#requests.next()
  }

  /** @param {import('../../src/history/past-messages.ts').TimelineMessage} message */
  #takeTimeline(message) {
    const isFirst = this.#past.isEmpty
    this.#past.tell(message)
    this.element.hidden = message.from === null
    if (message.from === null || message.to === null) return
    this.#bar.tell(this.#past.span, message)
    this.#selection.panel.offer(message.formats, message.topics)
    this.#page.onTimeline(message)
    this.#selection.follow()
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
    this.#requests.passOver(picture)
  }

  /** @param {import('./past-socket.js').PastPicture} picture */
  #noteLag(picture) {
    const { isRunning, speed } = this.#clock
    const isDue = isRunning && this.#requests.isNewest(picture) && picture.recordedAt >= this.#playedFrom
    this.#lag.note(picture, isDue ? { time: this.#clock.timeAt(performance.now()), speed } : undefined)
  }

  #askToPlay() {
    const time = this.#clock.timeAt(performance.now())
    this.#playedFrom = time
    this.#lag.newest = 0
    this.#requests.play(time, this.#clock.speed)
  }

  /** What is shown is asked for once more: other pictures are in sight, or the connection is another one. */
  #again() {
    this.#requests.stand()
    if (this.#isLive || this.#past.isUnknown) return
    if (this.#clock.isRunning) return this.#askToPlay()
    this.#requests.wantAtOnce(this.#clock.timeAt(performance.now()))
  }

  #play() {
    this.#requests.stand()
    this.#clock.start(performance.now())
    this.#requests.forget()
    this.#askToPlay()
    this.#showMoment(true)
    this.#follow()
  }

  #pause() {
    this.#clock.stop(performance.now())
    this.#requests.wantAtOnce(this.#clock.timeAt(performance.now()))
    this.#showMoment(true)
  }

  /** While time goes on. */
  #follow() {
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(() => {
      if (!this.#clock.isRunning || this.#isLive) return
      const nowMs = performance.now()
      const time = this.#clock.timeAt(nowMs)
      const loop = this.#selection.loop
      if (loop && (time >= loop.to || time < loop.from - NEAR_SECONDS)) this.seek(loop.from)
      // Where more comes, the server says when all that has come was played.
      else if (!this.#past.isGrowing && time >= this.#past.present - NEAR_SECONDS) this.#reach()
      this.#showMoment(false)
      this.#follow()
    })
  }

  /** The end of what is kept. */
  #reach() {
    if (this.#past.isGrowing) return this.#goLive()
    const loop = this.#selection.loop
    if (loop) return this.seek(loop.from)
    this.#clock.seek(this.#past.span.to, performance.now())
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
    if (this.#past.isEmpty) return
    if (this.#isLive) this.seek(this.#past.present)
    if (this.#clock.isRunning) this.#pause()
    this.#requests.step(this.#clock.timeAt(performance.now()), direction)
  }

  /** @param {number} speed */
  #setSpeed(speed) {
    this.#clock.setSpeed(speed, performance.now())
    this.#controls.speed = speed
    if (this.#clock.isRunning) this.#askToPlay()
  }

  #catchUp() {
    if (this.#isLive) return
    this.#selection.loops = false
    this.#setSpeed(FAST)
    if (!this.#clock.isRunning) this.#play()
  }

  #goLive() {
    this.#isLive = true
    this.#clock.stop(performance.now())
    this.#setSpeed(1)
    this.#requests.rest()
    this.#page.onMoment(undefined, { ...this.#past.span, isGrowing: true })
    this.#showMoment(true)
  }

  /** @param {'from' | 'to'} end */
  #mark(end) {
    if (this.#past.isEmpty) return
    const time = this.#isLive ? this.#past.span.to : this.#clock.timeAt(performance.now())
    this.#selection.mark(end, time)
  }

  /** Says so where the network, or this browser, shows pictures so late that a person should know. */
  #sayLate() {
    const isLate = this.#requests.isLate || (this.#clock.isRunning && this.#lag.newest * 1000 > LATE_MS)
    this.#controls.tellLate(isLate && !this.#isLive)
  }

  /** @param {boolean} isNew Whether it is another moment than time led to. */
  #showMoment(isNew) {
    const time = this.#display.tell({ isLive: this.#isLive, clock: this.#clock })
    this.#sayLate()
    this.#selection.panel.tell()
    if (!this.#isLive) this.#display.show(time, isNew, () => this.#showMoment(true))
  }
}
