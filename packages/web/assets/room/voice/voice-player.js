import { addressOf } from '../../page/address.js'

/**
 * Plays everybody's clips, each at its time, several over each other: limited rather than distorted where they are loud
 * together. One's own are played only if wanted.
 *
 * @typedef {import('../../../../room/src/messages/room-messages.ts').VoiceClip} VoiceClip
 *
 * @typedef {object} Voice
 * @property {VoiceClip} clip
 * @property {AudioBuffer | undefined} sound Once it is here.
 * @property {boolean} isAsked
 * @property {AudioBufferSourceNode | undefined} node While it is played.
 */

const LOOKED_EACH_MS = 250
/** Clips that end this long ago are forgotten, in seconds. */
const KEPT_SECONDS = 3
/** The room keeps no more either. */
const MAX_VOICES = 64
/** A clip that is not heard by then begins further on. */
const LATE_SECONDS = 0.15

export class VoicePlayer {
  /** Whether one's own clips are played too. */
  hearsOwn = false
  #session
  #sound
  /** By the clip's id. @type {Map<string, Voice>} */
  #voices = new Map()
  /** @type {{ context: BaseAudioContext, gain: GainNode } | undefined} */
  #output

  /** @param {import('../session/room-session.js').RoomSession} session @param {import('../stage/room-sound.js').RoomSound} sound */
  constructor(session, sound) {
    this.#session = session
    this.#sound = sound
    setInterval(() => this.#look(), LOOKED_EACH_MS)
  }

  /** @param {import('../session/room-session.js').RoomMessage} message */
  take(message) {
    if (message.type === 'welcome') for (const clip of message.voices) this.#add(clip)
    if (message.type === 'voice' && message.state !== 'ended') this.#add(message.clip)
  }

  /** @param {VoiceClip} clip */
  #add(clip) {
    if (this.#voices.has(clip.id) || this.#voices.size >= MAX_VOICES) return
    this.#voices.set(clip.id, { clip, sound: undefined, isAsked: false, node: undefined })
    this.#look()
  }

  #look() {
    const speakers = this.#sound.speakers
    for (const [id, voice] of this.#voices) {
      const { clip, node } = voice
      const isOver = this.#session.now > clip.time + clip.seconds + KEPT_SECONDS
      const isWanted = clip.guest !== this.#session.you.id || this.hearsOwn
      if (isOver) this.#voices.delete(id)
      else if (!speakers?.isOn || !isWanted) {
        node?.stop()
        voice.node = undefined
      } else if (!voice.isAsked) void this.#load(voice, speakers.context)
      else if (voice.sound && !node) this.#play(voice, speakers)
    }
    if (this.#output) this.#output.gain.gain.value = this.#sound.volume ** 2
  }

  /** @param {Voice} voice @param {BaseAudioContext} context */
  async #load(voice, context) {
    voice.isAsked = true
    try {
      const response = await fetch(addressOf(`voices/${voice.clip.id}.m4a`))
      if (!response.ok) return
      voice.sound = await context.decodeAudioData(await response.arrayBuffer())
      this.#look()
    } catch {
      // It is tried again while there is time.
      voice.isAsked = false
    }
  }

  /** @param {Voice} voice @param {import('../../sound/speakers.js').Speakers} speakers */
  #play(voice, speakers) {
    const { context } = speakers
    const { clip, sound } = voice
    if (!sound) return
    const inSeconds = (this.#session.clock.pageMs(clip.time) - speakers.heardMs(context.currentTime)) / 1000
    const late = inSeconds < -LATE_SECONDS ? -inSeconds : 0
    if (late >= sound.duration) return
    const node = new AudioBufferSourceNode(context, { buffer: sound })
    node.connect(this.#openOutput(context))
    node.start(context.currentTime + Math.max(inSeconds, 0), late)
    voice.node = node
  }

  /** @param {AudioContext} context */
  #openOutput(context) {
    if (this.#output?.context !== context) {
      const gain = new GainNode(context, { gain: this.#sound.volume ** 2 })
      const limiter = new DynamicsCompressorNode(context, { threshold: -10, ratio: 20, attack: 0.002 })
      gain.connect(limiter).connect(context.destination)
      this.#output = { context, gain }
    }
    return this.#output.gain
  }
}
