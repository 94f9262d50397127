import { checkReceivedJpeg, type Frame, type SoundBlock, wallClock } from '@zcast/shared'
import { Refusal } from '../people/refusal.ts'

/** The time of capture in front of each picture and piece of sound: float64, little-endian. */
const TIME_BYTES = 8
const MAX_PICTURE_BYTES = 2 * 1024 * 1024
/** More would cost everybody who watches too much: 1920x1200. */
const MAX_PIXELS = 1920 * 1200
export const SOUND_RATE = 48_000
/** Two bytes a sample; a page sends 20 ms. */
const MAX_SOUND_BYTES = (SOUND_RATE / 10) * 2
/** What is older was captured by another clock, and is taken to be from now. */
const OLDEST_SECONDS = 10

/** The largest messages of a camera and of a microphone, in bytes. */
export const MAX_CAMERA_MESSAGE = TIME_BYTES + MAX_PICTURE_BYTES
export const MAX_MICROPHONE_MESSAGE = TIME_BYTES + MAX_SOUND_BYTES

/** Reads a picture of a guest. @throws {@link Refusal} `ERR_PICTURE` when it is none that others may be shown. */
export function readPicture(message: Buffer): Frame {
  // Copied: the message is a view of what came together with others.
  const data = new Uint8Array(message.subarray(TIME_BYTES))
  const size = checkReceivedJpeg(data)
  if ('rejected' in size) throw new Refusal('ERR_PICTURE', size.reason)
  const { width, height } = size
  if (width * height > MAX_PIXELS)
    throw new Refusal('ERR_PICTURE', `the picture has ${width}x${height} pixels: send at most 1920x1200`)
  return { kind: 'video', time: readTime(message), width, height, format: 'jpeg', data }
}

/** On a slow network a page sends a third of the samples. */
const SLOW_RATE = SOUND_RATE / 3

/** Reads the pieces of sound of one microphone. */
export type SoundReader = (message: Buffer) => SoundBlock

/** @throws {@link Refusal} `ERR_SOUND` when a page may not send at this rate. */
export function soundReader(rate: unknown = SOUND_RATE): SoundReader {
  if (rate === SOUND_RATE) return readSound
  if (rate !== SLOW_RATE)
    throw new Refusal('ERR_SOUND', `sound comes at ${SOUND_RATE} or ${SLOW_RATE} samples a second`)
  let last = 0
  return (message) => {
    const { data, samples, ...sound } = readSound(message)
    const few = new Int16Array(data.buffer)
    const many = new Int16Array(samples * 3)
    for (const [index, value] of few.entries()) {
      for (let step = 1; step <= 3; step++)
        many[index * 3 + step - 1] = Math.round(last + ((value - last) * step) / 3)
      last = value
    }
    return { ...sound, samples: many.length, data: new Uint8Array(many.buffer) }
  }
}

/** Reads a piece of sound: 16-bit samples of one channel. @throws {@link Refusal} `ERR_SOUND` when it is none. */
export function readSound(message: Buffer): SoundBlock {
  const bytes = message.byteLength - TIME_BYTES
  if (bytes < 2 || bytes % 2 !== 0) throw new Refusal('ERR_SOUND', 'the piece of sound is not whole samples')
  const data = new Uint8Array(message.subarray(TIME_BYTES))
  const samples = bytes / 2
  return {
    kind: 'audio',
    time: readTime(message),
    rate: SOUND_RATE,
    channels: 1,
    samples,
    format: 's16',
    data,
  }
}

/** A guest's clock is not to be believed: nothing is from the future, or from long ago. */
function readTime(message: Buffer): number {
  const now = wallClock()
  const time = message.byteLength < TIME_BYTES ? Number.NaN : message.readDoubleLE(0)
  return time > now - OLDEST_SECONDS && time < now ? time : now
}
