import { element, make, say } from '../../page/elements.js'
import { formatLength } from '../page/amounts.js'

/**
 * A clip before it is sent: to be heard, sent or discarded.
 *
 * @typedef {object} Clip
 * @property {Blob} bytes
 * @property {AudioBuffer} sound
 */

const BARS = 56

export class ClipPreview {
  #box = element('clip')
  #context
  /** @type {AudioBufferSourceNode | undefined} */
  #playing

  /** @param {AudioContext} context That of the speakers. */
  constructor(context) {
    this.#context = context
  }

  /**
   * Asks what is to be done with a clip.
   *
   * @param {Clip} clip
   * @param {object} next
   * @param {number} next.delaySeconds
   * @param {import('./voice-player.js').VoicePlayer} next.voices
   * @param {(clip: Clip) => void} next.onSend
   * @param {() => void} next.onDiscard
   */
  show(clip, { delaySeconds, voices, onSend, onDiscard }) {
    const listen = makeButton('Listen', 'plain', () => this.#listen(clip.sound, listen))
    const length = make('span', 'quiet', formatLength(Math.ceil(clip.sound.duration)))
    const buttons = make('div', 'clip-buttons')
    const send = makeButton('Send clip', 'primary', () => {
      this.close()
      onSend(clip)
    })
    const discard = makeButton('Discard', 'plain', () => {
      this.close()
      onDiscard()
    })
    const own = make('input')
    own.type = 'checkbox'
    own.checked = voices.hearsOwn
    own.addEventListener('change', () => (voices.hearsOwn = own.checked))
    const label = make('label')
    label.append(own, 'Hear it too')
    buttons.append(label, discard, send)
    const when = delaySeconds > 0 ? `Everybody hears it ${delaySeconds} s after it is sent.` : ''
    this.#box.replaceChildren(listen, drawWave(clip.sound), length, make('p', 'quiet', when), buttons)
    this.#box.hidden = false
    send.focus()
  }

  /** Forgets it. */
  close() {
    this.#playing?.stop()
    this.#playing = undefined
    this.#box.hidden = true
    this.#box.replaceChildren()
  }

  /** @param {AudioBuffer} sound @param {HTMLElement} button */
  #listen(sound, button) {
    if (this.#playing) return this.#playing.stop()
    void this.#context.resume()
    const playing = new AudioBufferSourceNode(this.#context, { buffer: sound })
    playing.connect(this.#context.destination)
    playing.addEventListener('ended', () => {
      if (this.#playing === playing) this.#playing = undefined
      say(button, 'Listen')
    })
    playing.start()
    this.#playing = playing
    say(button, 'Stop')
  }
}

/** @param {string} text @param {string} look @param {() => void} act */
function makeButton(text, look, act) {
  const button = make('button', look, text)
  button.type = 'button'
  button.addEventListener('click', act)
  return button
}

/** How loud it is, from its beginning to its end. @param {AudioBuffer} sound */
function drawWave(sound) {
  const canvas = make('canvas', 'clip-wave')
  canvas.setAttribute('aria-hidden', 'true')
  canvas.width = BARS * 6
  canvas.height = 80
  const context = canvas.getContext('2d')
  if (!context) return canvas
  context.fillStyle = getComputedStyle(document.body).getPropertyValue('--live')
  const samples = sound.getChannelData(0)
  const each = Math.max(1, Math.floor(samples.length / BARS))
  for (let bar = 0; bar < BARS; bar++) {
    let peak = 0
    for (let index = bar * each; index < (bar + 1) * each; index += 7) {
      peak = Math.max(peak, Math.abs(samples[index] ?? 0))
    }
    const height = Math.max(4, Math.sqrt(Math.min(peak, 1)) * canvas.height)
    context.fillRect(bar * 6, (canvas.height - height) / 2, 4, height)
  }
  return canvas
}
