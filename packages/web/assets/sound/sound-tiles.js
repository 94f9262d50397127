import { addressOf } from '../page/address.js'
import { readPastPieces } from './sound-pieces.js'

export const SOUND_TILE_SECONDS = 2
/** What is remembered of a stream: a minute of 48 kHz. A loop need not be fetched again. */
const MOST_BYTES = 24 * 2 ** 20
/** Of a sample on both sides. */
const SAMPLE_BYTES = 8
/** The end of a ring still grows: what has come since is read after this time. */
const GROWING_SECONDS = 2
const AGAIN_MS = 500

/**
 * @typedef {import('./sound-pieces.js').PastPiece} PastPiece
 * @typedef {{ pieces: readonly PastPiece[], bytes: number, againAtMs: number }} Tile
 */

/** The sound of one stream in the past: fetched as it is needed, one tile at a time, so that a slow network has no queue. */
export class SoundTiles {
  /** Whether the server was reached the last time. */
  isReached = true
  #topic
  #onData
  /** The one that was needed longest ago comes first. @type {Map<number, Tile>} */
  #tiles = new Map()
  /** @type {readonly number[]} */
  #wanted = []
  #kept = { to: 0, isGrowing: false }
  /** @type {{ tile: number, stop: AbortController } | undefined} */
  #fetching
  #retryAtMs = 0

  /** @param {string} topic @param {() => void} onData Called when there is more. */
  constructor(topic, onData) {
    this.#topic = topic
    this.#onData = onData
  }

  /**
   * Has what came in a stretch of time, its beginning first. To be called again and again while it is wanted.
   *
   * @param {number} from Seconds since the Unix epoch.
   * @param {number} to
   * @param {{ to: number, isGrowing: boolean }} kept
   */
  want(from, to, kept) {
    const [first, last] = [from, Math.min(to, kept.to)].map((time) => Math.floor(time / SOUND_TILE_SECONDS))
    this.#wanted = Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => first + index)
    this.#kept = kept
    const { tile, stop } = this.#fetching ?? {}
    if (tile !== undefined && !this.#wanted.includes(tile)) stop?.abort()
    void this.#fetch()
  }

  /** Wants nothing more. */
  rest() {
    this.#wanted = []
    this.#fetching?.stop.abort()
  }

  /** Whether it is known what came at a time. @param {number} time */
  has(time) {
    return this.#tiles.has(Math.floor(time / SOUND_TILE_SECONDS))
  }

  /**
   * What came in a stretch of time, up to the first tile that is not here.
   *
   * @param {number} from
   * @param {number} to
   */
  *pieces(from, to) {
    for (let tile = Math.floor(from / SOUND_TILE_SECONDS); tile * SOUND_TILE_SECONDS <= to; tile++) {
      const { pieces } = this.#tiles.get(tile) ?? {}
      if (!pieces) return
      for (const piece of pieces) if (piece.recordedAt >= from && piece.recordedAt <= to) yield piece
    }
  }

  async #fetch() {
    if (this.#fetching) return
    for (let tile = this.#missing(); tile !== undefined; tile = this.#missing()) {
      const stop = new AbortController()
      this.#fetching = { tile, stop }
      const buffer = await this.#load(tile, stop.signal).catch(() => undefined)
      this.#fetching = undefined
      if (stop.signal.aborted) continue
      this.isReached = buffer !== undefined
      if (buffer) this.#keep(tile, buffer)
      else this.#retryAtMs = performance.now() + AGAIN_MS
      this.#onData()
    }
  }

  #missing() {
    const nowMs = performance.now()
    if (nowMs < this.#retryAtMs) return undefined
    return this.#wanted.find((tile) => (this.#tiles.get(tile)?.againAtMs ?? 0) <= nowMs)
  }

  /** @param {number} tile @param {ArrayBuffer} buffer */
  #keep(tile, buffer) {
    const { to, isGrowing } = this.#kept
    const comesMore = isGrowing && (tile + 1) * SOUND_TILE_SECONDS > to - GROWING_SECONDS
    const againAtMs = comesMore ? performance.now() + AGAIN_MS : Number.POSITIVE_INFINITY
    const pieces = [...(this.#tiles.get(tile)?.pieces ?? []), ...readPastPieces(buffer)]
    const size = pieces.reduce((sum, { left }) => sum + left.length * SAMPLE_BYTES, 0)
    this.#tiles.delete(tile)
    this.#tiles.set(tile, { pieces, bytes: size, againAtMs })
    let bytes = [...this.#tiles.values()].reduce((sum, one) => sum + one.bytes, 0)
    for (const [old, one] of this.#tiles) {
      if (bytes <= MOST_BYTES || this.#wanted.includes(old)) continue
      this.#tiles.delete(old)
      bytes -= one.bytes
    }
  }

  /** @param {number} tile @param {AbortSignal} signal */
  async #load(tile, signal) {
    const address = addressOf('history/sound')
    address.searchParams.set('topic', this.#topic)
    address.searchParams.set('tile', String(tile))
    const newest = this.#tiles.get(tile)?.pieces.at(-1)
    if (newest) address.searchParams.set('after', newest.recordedAt.toFixed(6))
    const response = await fetch(address, { signal })
    return response.ok ? response.arrayBuffer() : undefined
  }
}
