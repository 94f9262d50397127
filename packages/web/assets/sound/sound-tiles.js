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
/** A network that is slower than the sound is left to pictures and numbers for this time. */
const TOO_SLOW_MS = 5000
const PATIENCE_MS = 10_000

/**
 * @typedef {import('./sound-pieces.js').PastPiece} PastPiece
 * @typedef {{ pieces: readonly PastPiece[], bytes: number, againAtMs: number, knownTo: number }} Tile
 * @typedef {{ buffer: ArrayBuffer, isCut: boolean }} Answer `isCut` when there is more in the tile than in the answer.
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
  #speed = 1
  #kept = { to: 0, isGrowing: false }
  #isFetching = false
  /** Gives up what is being fetched. */
  #stop = new AbortController()
  #retryAtMs = 0
  /** How long the last tile took to come. */
  #tookSeconds = 0

  /** @param {string} topic @param {() => void} onData Called when there is more. */
  constructor(topic, onData) {
    this.#topic = topic
    this.#onData = onData
  }

  /**
   * Has what came in a stretch of time, its beginning first, but for what would come too late. To be called again and
   * again while it is wanted.
   *
   * @param {{ from: number, to: number }} stretch Seconds since the Unix epoch.
   * @param {number} speed
   * @param {{ to: number, isGrowing: boolean }} kept
   */
  want({ from, to }, speed, kept) {
    const soonest = from + this.#tookSeconds * speed
    const latest = Math.min(Math.max(to, soonest + SOUND_TILE_SECONDS), kept.to)
    const [first, last] = [soonest, latest].map((time) => Math.floor(time / SOUND_TILE_SECONDS))
    this.#wanted = Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => first + index)
    this.#speed = speed
    this.#kept = kept
    void this.#fetch()
  }

  /** Wants nothing more of where it was. */
  rest() {
    this.#wanted = []
    this.#tookSeconds = 0
    this.#stop.abort()
  }

  /** Whether it is known what came at a time. @param {number} time */
  has(time) {
    return (
      time <= (this.#tiles.get(Math.floor(time / SOUND_TILE_SECONDS))?.knownTo ?? Number.NEGATIVE_INFINITY)
    )
  }

  /**
   * What came in a stretch of time, as far as it is here.
   *
   * @param {number} from
   * @param {number} to
   */
  *pieces(from, to) {
    for (let tile = Math.floor(from / SOUND_TILE_SECONDS); tile * SOUND_TILE_SECONDS <= to; tile++) {
      const { pieces = [] } = this.#tiles.get(tile) ?? {}
      for (const piece of pieces) if (piece.recordedAt >= from && piece.recordedAt <= to) yield piece
    }
  }

  async #fetch() {
    if (this.#isFetching) return
    this.#isFetching = true
    for (let tile = this.#missing(); tile !== undefined; tile = this.#missing()) {
      const stop = new AbortController()
      this.#stop = stop
      const beganAtMs = performance.now()
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(PATIENCE_MS)])
      const answer = await this.#load(tile, signal).catch(() => undefined)
      if (stop.signal.aborted) continue
      const nowMs = performance.now()
      this.isReached = answer !== undefined
      this.#tookSeconds = (nowMs - beganAtMs) / 1000
      const isTooSlow = this.#tookSeconds * this.#speed > SOUND_TILE_SECONDS
      this.#retryAtMs = nowMs + (isTooSlow ? TOO_SLOW_MS : answer ? 0 : AGAIN_MS)
      if (answer) this.#keep(tile, answer)
      this.#onData()
    }
    this.#isFetching = false
  }

  #missing() {
    const nowMs = performance.now()
    if (nowMs < this.#retryAtMs) return undefined
    return this.#wanted.find((tile) => (this.#tiles.get(tile)?.againAtMs ?? 0) <= nowMs)
  }

  /** @param {number} tile @param {Answer} answer */
  #keep(tile, { buffer, isCut }) {
    const { to, isGrowing } = this.#kept
    const comesMore = isGrowing && (tile + 1) * SOUND_TILE_SECONDS > to - GROWING_SECONDS
    const fresh = readPastPieces(buffer)
    const isPart = isCut && fresh.length > 0
    const againAtMs = isPart ? 0 : comesMore ? performance.now() + AGAIN_MS : Number.POSITIVE_INFINITY
    const knownTo = isPart ? fresh[fresh.length - 1].recordedAt : Number.POSITIVE_INFINITY
    const pieces = [...(this.#tiles.get(tile)?.pieces ?? []), ...fresh]
    const size = pieces.reduce((sum, { left }) => sum + left.length * SAMPLE_BYTES, 0)
    this.#tiles.delete(tile)
    this.#tiles.set(tile, { pieces, bytes: size, againAtMs, knownTo })
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
    if (!response.ok) return undefined
    return { buffer: await response.arrayBuffer(), isCut: response.headers.has('Zcast-Cut') }
  }
}
