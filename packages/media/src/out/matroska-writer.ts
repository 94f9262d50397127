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
const PIXEL_WIDTH = 0xb0
const PIXEL_HEIGHT = 0xba
const CLUSTER = 0x1f43b675
const TIMESTAMP = 0xe7
const SIMPLE_BLOCK = 0xa3

const NANOSECONDS_PER_MS = 1_000_000
const UNKNOWN_SIZE = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
/** Track 1, no time relative to its cluster's, a key frame. */
const BLOCK_HEAD = Buffer.from([0x81, 0x00, 0x00, 0x80])

/**
 * The head of a Matroska stream with one MJPEG track and times in milliseconds. The stream may go on forever: this is
 * how pictures with their own times reach ffmpeg through a pipe.
 */
export function matroskaHead(width: number, height: number): Buffer {
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
  const track = element(
    TRACK_ENTRY,
    element(TRACK_NUMBER, unsigned(1)),
    element(TRACK_UID, unsigned(1)),
    element(TRACK_TYPE, unsigned(1)),
    element(FLAG_LACING, unsigned(0)),
    element(CODEC_ID, Buffer.from('V_MJPEG')),
    element(VIDEO, element(PIXEL_WIDTH, unsigned(width)), element(PIXEL_HEIGHT, unsigned(height))),
  )
  return Buffer.concat([head, id(SEGMENT), UNKNOWN_SIZE, info, element(TRACKS, track)])
}

/**
 * The bytes before a picture: a cluster of its own, so that a picture is complete as soon as it is written and a gap of
 * any length can follow.
 *
 * @param timestampMs - Since the start of the stream; an integer of 0 or more.
 * @param byteLength - The length of the JPEG picture that follows.
 */
export function matroskaPictureHead(timestampMs: number, byteLength: number): Buffer {
  const time = element(TIMESTAMP, unsigned(timestampMs))
  const block = Buffer.concat([id(SIMPLE_BLOCK), size(BLOCK_HEAD.length + byteLength), BLOCK_HEAD])
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
