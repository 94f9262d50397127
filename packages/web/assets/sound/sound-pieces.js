/**
 * The pieces of sound in a message of the server; `src/sound/sound-message.ts` describes the bytes.
 *
 * @typedef {object} SoundPiece
 * @property {number} rate Samples a second.
 * @property {Float32Array<ArrayBuffer>} left -1 to 1.
 * @property {Float32Array<ArrayBuffer>} right The same samples as `left` where there is one channel.
 * @property {number} time Of the first sample: seconds since the Unix epoch, by the publisher's clock.
 * @property {number} seq Sequence number; NaN where there is none.
 * @property {number} number 1 for the first piece that the server sent on this connection, and so on.
 * @property {number} leftOut The pieces that it left out so far, because this page did not take them in time.
 *
 * @typedef {SoundPiece & { recordedAt: number }} PastPiece One of the past, and when it came, in seconds since the Unix epoch.
 */

const VERSION = 1
const [SOUND, PAST_SOUND] = [2, 4]
const FULL = 32_768

/** How loud the front channels of 5.1 are beside the centre and the back ones, which go to both or one of them. */
const CENTRE = Math.SQRT1_2

/** @param {ArrayBuffer} buffer @returns {SoundPiece[]} Those that can be read. */
export function readSoundPieces(buffer) {
  return readPieces(buffer, SOUND)
}

/** @param {ArrayBuffer} buffer @returns {PastPiece[]} Those of the past that can be read. */
export function readPastPieces(buffer) {
  return readPieces(buffer, PAST_SOUND).map((piece) => Object.assign(piece, { recordedAt: piece.number }))
}

/** @param {ArrayBuffer} buffer @param {number} type @returns {SoundPiece[]} */
function readPieces(buffer, type) {
  const view = new DataView(buffer)
  const pieces = []
  for (let offset = 0; offset + 48 <= buffer.byteLength;) {
    const begin = offset + view.getUint16(offset + 2, true)
    const channels = view.getUint32(offset + 8, true)
    const samples = view.getUint32(offset + 12, true)
    const end = begin + samples * channels * 2
    if (view.getUint8(offset) !== VERSION || view.getUint8(offset + 1) !== type || end > buffer.byteLength)
      break
    pieces.push({
      rate: view.getUint32(offset + 4, true),
      ...mixDown(new Int16Array(buffer.slice(begin, end)), channels, samples),
      time: view.getFloat64(offset + 16, true),
      seq: view.getFloat64(offset + 24, true),
      number: view.getFloat64(offset + 32, true),
      leftOut: view.getFloat64(offset + 40, true),
    })
    offset = end
  }
  return pieces
}

/**
 * Two channels of any number.
 *
 * @param {Int16Array} data The channels in turn. Every machine that browsers run on is little-endian, as the bytes are.
 * @param {number} channels
 * @param {number} samples
 */
function mixDown(data, channels, samples) {
  const left = new Float32Array(samples)
  if (channels === 1) {
    for (let at = 0; at < samples; at++) left[at] = data[at] / FULL
    return { left, right: left.slice() }
  }
  const right = new Float32Array(samples)
  const gains = gainsOf(channels)
  for (const [channel, [toLeft, toRight]] of gains.entries()) {
    for (let at = 0, from = channel; at < samples; at++, from += channels) {
      left[at] += data[from] * toLeft
      right[at] += data[from] * toRight
    }
  }
  return { left, right }
}

/** How much of each channel goes to the left and the right: never more than full in all. @param {number} channels */
function gainsOf(channels) {
  // Front left and right, centre, low frequencies, back left and right.
  const of51 = [
    [1, 0],
    [0, 1],
    [CENTRE, CENTRE],
    [0, 0],
    [CENTRE, 0],
    [0, CENTRE],
  ]
  const gains = channels === 6 ? of51 : Array.from({ length: channels }, (_, at) => [1 - (at % 2), at % 2])
  const sum = Math.max(...[0, 1].map((side) => gains.reduce((total, gain) => total + gain[side], 0)))
  return gains.map((gain) => gain.map((part) => part / sum / FULL))
}
