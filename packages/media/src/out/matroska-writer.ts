import type { PictureSize } from '@zcast/shared'
import type { PcmFormat } from '../audio/pcm-stream.ts'

// Element IDs of https://www.rfc-editor.org/rfc/rfc9559 (Matroska) and RFC 8794 (EBML).
const EBML = 0x1a45dfa3
const DOC_TYPE = 0x4282
const DOC_TYPE_VERSION = 0x4287
const DOC_TYPE_READ_VERSION = 0x4285
const SEGMENT = 0x18538067
const INFO = 0x1549a966
const TIMESTAMP_SCALE = 0x2ad7b1
const MUXING_APP = 0x4d80
const WRITING_APP = 0x5741
const TRACKS = 0x1654ae6b
const TRACK_ENTRY = 0xae
const TRACK_NUMBER = 0xd7
const TRACK_UID = 0x73c5
const TRACK_TYPE = 0x83
const FLAG_LACING = 0x9c
const CODEC_ID = 0x86
const VIDEO = 0xe0
const AUDIO = 0xe1
const SAMPLING_FREQUENCY = 0xb5
const CHANNELS = 0x9f
const BIT_DEPTH = 0x6264
const PIXEL_WIDTH = 0xb0
const PIXEL_HEIGHT = 0xba
const CLUSTER = 0x1f43b675
const TIMESTAMP = 0xe7
const SIMPLE_BLOCK = 0xa3

const NANOSECONDS_PER_MS = 1_000_000
const UNKNOWN_SIZE = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
const PICTURES = 1
const SOUND = 2

/**
 * The head of a Matroska stream with one MJPEG track, perhaps one of 16-bit samples, and times in milliseconds. The
 * stream may go on forever: this is how pictures and sound with their own times reach ffmpeg through one pipe.
 */
export function matroskaHead({ width, height }: PictureSize, sound?: PcmFormat): Buffer {
  const head = element(
    EBML,
    element(DOC_TYPE, Buffer.from('matroska')),
    element(DOC_TYPE_VERSION, unsigned(4)),
    element(DOC_TYPE_READ_VERSION, unsigned(2)),
  )
  const info = element(
    INFO,
    element(TIMESTAMP_SCALE, unsigned(NANOSECONDS_PER_MS)),
    element(MUXING_APP, Buffer.from('zcast')),
    element(WRITING_APP, Buffer.from('zcast')),
  )
  const pictures = track(
    PICTURES,
    1,
    'V_MJPEG',
    element(VIDEO, element(PIXEL_WIDTH, unsigned(width)), element(PIXEL_HEIGHT, unsigned(height))),
  )
  const tracks = sound ? [pictures, soundTrack(sound)] : [pictures]
  return Buffer.concat([head, id(SEGMENT), UNKNOWN_SIZE, info, element(TRACKS, ...tracks)])
}

function soundTrack({ rate, channels }: PcmFormat): Buffer {
  const frequency = Buffer.alloc(8)
  frequency.writeDoubleBE(rate)
  return track(
    SOUND,
    2,
    'A_PCM/INT/LIT',
    element(
      AUDIO,
      element(SAMPLING_FREQUENCY, frequency),
      element(CHANNELS, unsigned(channels)),
      element(BIT_DEPTH, unsigned(16)),
    ),
  )
}

/** @param type - 1 for pictures, 2 for sound. */
function track(number: number, type: number, codec: string, shape: Buffer): Buffer {
  return element(
    TRACK_ENTRY,
    element(TRACK_NUMBER, unsigned(number)),
    element(TRACK_UID, unsigned(number)),
    element(TRACK_TYPE, unsigned(type)),
    element(FLAG_LACING, unsigned(0)),
    element(CODEC_ID, Buffer.from(codec)),
    shape,
  )
}

/**
 * The bytes before a picture: a cluster of its own, so that a picture is complete as soon as it is written and a gap of
 * any length can follow.
 *
 * @param timestampMs - Since the start of the stream; an integer of 0 or more.
 * @param byteLength - The length of the JPEG picture that follows.
 */
export function matroskaPictureHead(timestampMs: number, byteLength: number): Buffer {
  return blockHead(PICTURES, timestampMs, byteLength)
}

/** The same before samples. */
export function matroskaSoundHead(timestampMs: number, byteLength: number): Buffer {
  return blockHead(SOUND, timestampMs, byteLength)
}

function blockHead(number: number, timestampMs: number, byteLength: number): Buffer {
  // No time relative to its cluster's; a key frame.
  const head = Buffer.from([0x80 | number, 0x00, 0x00, 0x80])
  const time = element(TIMESTAMP, unsigned(timestampMs))
  const block = Buffer.concat([id(SIMPLE_BLOCK), size(head.length + byteLength), head])
  return Buffer.concat([id(CLUSTER), size(time.length + block.length + byteLength), time, block])
}

function element(number: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([id(number), size(body.length), body])
}

/** An element ID contains its own length marker, so it is written unchanged. */
function id(number: number): Buffer {
  return unsigned(number)
}

/** A length in eight bytes: the marker bit, and 56 bits of length. */
function size(length: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(length) | (1n << 56n))
  return bytes
}

/** An integer of 0 or more, big-endian, in as few bytes as hold it. */
function unsigned(value: number): Buffer {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}
