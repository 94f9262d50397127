import { element, say } from '../../page/elements.js'
import { announce, showNote } from '../page/notes.js'
import { formatLength } from '../page/amounts.js'
import { describeShareProblem, whyNotHere } from '../share/share-problem.js'
import { ClipPreview } from './clip-preview.js'
import { sendClip } from './send-clip.js'
import { VoiceRecorder } from './voice-recorder.js'

/**
 * The button that records: for as long as it is held, or from one short press to the next.
 *
 * @typedef {import('../session/room-session.js').RoomSession} RoomSession
 */

/** A press as short as this goes on until the next. */
const SHORT_MS = 350
const SHOWN_EACH_MS = 200

export class RecordButton {
  #session
  #sound
  #page
  #voices
  #button = element('record')
  #label = /** @type {HTMLElement} */ (element('record').querySelector('span'))
  /** @type {ClipPreview | undefined} */
  #preview
  /** @type {VoiceRecorder | undefined} */
  #recorder
  /** Whether the microphone is being asked for. */
  #isOpening = false
  #isHeld = false
  /** Whether the last press was a short one. */
  #isTapped = false
  #pressedMs = 0
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #showing

  /**
   * @param {object} room
   * @param {RoomSession} room.session
   * @param {import('../stage/room-sound.js').RoomSound} room.sound Silent while something is recorded, which else would be heard again.
   * @param {import('../../sound/page-sound.js').PageSound} room.page
   * @param {import('./voice-player.js').VoicePlayer} room.voices
   */
  constructor({ session, sound, page, voices }) {
    this.#session = session
    this.#sound = sound
    this.#page = page
    this.#voices = voices
    const button = this.#button
    button.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return
      button.setPointerCapture(event.pointerId)
      this.press()
    })
    button.addEventListener('pointerup', () => this.release())
    button.addEventListener('pointercancel', () => this.release())
    button.addEventListener('contextmenu', (event) => event.preventDefault())
    // By keyboard or screen reader: a pointer has done it already.
    button.addEventListener('click', ({ detail }) => {
      if (detail !== 0) return
      this.press()
      this.release()
    })
    window.addEventListener('blur', () => this.release())
  }

  /** The button, or its key, goes down. */
  press() {
    if (this.#isHeld) return
    this.#isHeld = true
    this.#pressedMs = performance.now()
    if (this.#recorder) this.#pressedMs = Number.NEGATIVE_INFINITY
    else void this.#start()
  }

  /** It is let go. */
  release() {
    if (!this.#isHeld) return
    this.#isHeld = false
    this.#isTapped = performance.now() - this.#pressedMs <= SHORT_MS
    if (!this.#isTapped) void this.#stop()
  }

  async #start() {
    const reason = whyNotHere('microphone')
    if (reason !== undefined) return showNote(reason)
    if (this.#isOpening) return
    this.#isOpening = true
    this.#preview?.close()
    try {
      this.#recorder = await VoiceRecorder.open()
    } catch (error) {
      showNote(describeShareProblem(error, 'microphone'))
      return
    } finally {
      this.#isOpening = false
    }
    // It was let go while the browser asked.
    if (!this.#isHeld && !this.#isTapped) {
      await this.#recorder.stop()
      this.#recorder = undefined
      return showNote('The microphone is ready now: hold the button while you speak.')
    }
    this.#sound.hush(true)
    this.#button.setAttribute('aria-pressed', 'true')
    announce('Recording')
    this.#showing = setInterval(() => this.#show(), SHOWN_EACH_MS)
    this.#show()
  }

  #show() {
    const seconds = this.#recorder?.seconds ?? 0
    say(this.#label, formatLength(seconds))
    if (seconds >= this.#session.rules.maxVoiceSeconds) void this.#stop()
  }

  async #stop() {
    const recorder = this.#recorder
    if (!recorder) return
    this.#recorder = undefined
    clearInterval(this.#showing)
    say(this.#label, 'Record')
    this.#button.setAttribute('aria-pressed', 'false')
    this.#sound.hush(false)
    const bytes = await recorder.stop()
    if (!bytes) return showNote('That was too short: hold the button while you speak.')
    const { context } = this.#page.wake()
    try {
      const sound = await context.decodeAudioData(await bytes.arrayBuffer())
      this.#offer({ bytes, sound })
    } catch {
      showNote('Nothing could be recorded: choose another microphone and try again.')
    }
  }

  /** @param {import('./clip-preview.js').Clip} clip */
  #offer(clip) {
    this.#preview ??= new ClipPreview(this.#page.wake().context)
    this.#preview.show(clip, {
      delaySeconds: this.#session.rules.echoDelaySeconds,
      voices: this.#voices,
      onSend: () => void this.#send(clip),
      onDiscard: () => this.#button.focus(),
    })
  }

  /** @param {import('./clip-preview.js').Clip} clip */
  async #send(clip) {
    this.#button.focus()
    const reason = await sendClip(clip.bytes, this.#session.you.key)
    if (reason === '') return announce('Sent')
    // Not lost: it can be sent again.
    showNote(`Not sent: ${reason}`)
    this.#offer(clip)
  }
}
