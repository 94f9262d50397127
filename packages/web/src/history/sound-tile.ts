import { setImmediate } from 'node:timers/promises'
import type { OpusSound } from '@zcast/media/audio'
import { isSound, refuseSound, type AnySound } from '@zcast/shared/internal'
import type { History } from '@zcast/subscribers'
import { soundMessageBytes, writePastSound } from '../sound/sound-message.ts'

/** The stretch of time that is read at once; tile N begins at N times this, in seconds since the Unix epoch. */
export const SOUND_TILE_SECONDS = 2
/** Of an answer; the rest is asked for next, such as the end of two seconds of 24 channels of 48 kHz. */
const MOST_BYTES = 4 * 2 ** 20
/** As many as there are of 2.5 ms, the shortest of Opus, four times over; the rest is asked for next. */
const MOST_PIECES = 3200
/** Others get their turn after this time of reading. */
const TURN_MS = 5
/** A decoder of Opus needs what came before to begin well. */
const OPUS_BEFORE_SECONDS = 0.1
/** A page knows times to a microsecond. */
const TICK_SECONDS = 1e-6

/** What is asked for. */
export interface SoundTile {
  /** Of sound, or of voices. */
  readonly topic: string
  /** The number of the tile. */
  readonly tile: number
  /** Only what came after this, in seconds since the Unix epoch. */
  readonly after: number
}

/** What was read. */
export interface ReadSound {
  /** One message after another (`writePastSound`). */
  readonly bytes: Uint8Array
  /** True when there is more in the tile: to be asked for with the time of the last piece. */
  readonly isCut: boolean
}

interface Piece {
  readonly recordedAt: number
  readonly block: AnySound
}

/**
 * Reads the sound that came in a stretch of the past, as 16-bit samples: Opus is decoded here, so that every page can
 * play it.
 *
 * @param isWanted - False once nobody waits for it.
 */
export async function readSoundTile(
  history: History,
  { topic, tile, after }: SoundTile,
  isWanted: () => boolean,
): Promise<ReadSound> {
  const from = Math.max(tile * SOUND_TILE_SECONDS, after + TICK_SECONDS)
  const to = (tile + 1) * SOUND_TILE_SECONDS
  const pieces: Piece[] = []
  let bytes = 0
  let isCut = false
  let turnedAtMs = performance.now()
  await using decoder = new LazyDecoder()
  for await (const { recordedAt, envelope } of history.blocks({
    topics: [topic],
    from: from - OPUS_BEFORE_SECONDS,
    to,
  })) {
    if (performance.now() - turnedAtMs > TURN_MS) {
      await setImmediate()
      turnedAtMs = performance.now()
    }
    if (!isWanted()) break
    const { block } = envelope
    // The end of a range is a part of it, and of the next tile too.
    if (!isSound(block) || recordedAt >= to || (recordedAt < from && block.format === 's16')) continue
    const decoded = await decoder.decode(block)
    if (!decoded || recordedAt < from || refuseSound(decoded, decoded.data.byteLength) !== undefined) continue
    bytes += soundMessageBytes(decoded)
    // One is always there, so that whoever asks gets on.
    isCut = pieces.length > 0 && (bytes > MOST_BYTES || pieces.length >= MOST_PIECES)
    if (isCut) break
    pieces.push({ recordedAt, block: decoded })
  }
  return { bytes: pack(pieces), isCut }
}

function pack(pieces: readonly Piece[]): Uint8Array {
  const message = new Uint8Array(pieces.reduce((sum, { block }) => sum + soundMessageBytes(block), 0))
  let offset = 0
  for (const { recordedAt, block } of pieces) offset = writePastSound(block, recordedAt, message, offset)
  return message
}

/** Decodes Opus, where there is some: its module is loaded only then. */
class LazyDecoder {
  #opus: OpusSound | undefined

  /** @returns `undefined` when the piece is damaged. */
  async decode(block: AnySound): Promise<AnySound | undefined> {
    if (block.format === 's16') return block
    this.#opus ??= new (await import('@zcast/media/audio')).OpusSound()
    return this.#opus.decode(block).catch(() => undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#opus?.close()
  }
}
