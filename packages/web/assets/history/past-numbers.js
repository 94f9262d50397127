import { NumberSlices } from '../chart/number-slices.js'
import { addressOf } from '../page/address.js'
import { joinTiles, readTile, TILE_SECONDS, tilesFor } from './past-tiles.js'

/** Tiles that are remembered of a chart: twenty minutes. */
const MOST_TILES = 120
/** The end of a ring is still growing: what was read of it is read again after this time. */
const GROWING_SECONDS = 2
const AGAIN_MS = 1000

/** @typedef {import('./past-tiles.js').Tile & { againAtMs: number }} ReadTile */

/** The numbers of one stream in the past, around the moment that is shown: fetched as they are needed. */
export class PastNumbers {
  /** The names of its positions, as they were. @type {readonly string[]} */
  names = []
  /** @type {readonly string[]} */
  units = []
  #topic
  #onData
  /** The one that was needed longest ago comes first. @type {Map<number, ReadTile>} */
  #tiles = new Map()
  /** @type {readonly number[]} */
  #positions = []
  /** @type {readonly number[]} */
  #wanted = []
  #isFetching = false
  #fetched = new AbortController()
  #kept = { from: 0, to: 0 }
  #joined = ''
  #slices = new NumberSlices()

  /** @param {string} topic @param {() => void} onData Called when there is more to draw. */
  constructor(topic, onData) {
    this.#topic = topic
    this.#onData = onData
  }

  /** What there is of what is wanted. */
  get slices() {
    const here = this.#wanted.filter((tile) => this.#tiles.has(tile)).sort((one, other) => one - other)
    const key = here.join()
    if (key === this.#joined || here.length === 0) return this.#slices
    this.#joined = key
    const known = here.flatMap((tile) => this.#tiles.get(tile) ?? []).filter(({ count }) => count > 0)
    const { positions, length } = this.#slices
    this.#slices = new NumberSlices()
    if (known.length > 0) this.#slices.take(joinTiles(known))
    else Object.assign(this.#slices, { positions, length })
    return this.#slices
  }

  /** Has the lines that are there live, until it is known which there were. @param {NumberSlices} live */
  begin(live) {
    if (this.#tiles.size > 0) return
    this.#slices = new NumberSlices()
    this.#slices.positions = live.positions
    this.#slices.length = live.length
  }

  /** Has these positions, rather than the first ones. @param {readonly number[]} positions */
  choose(positions) {
    this.#positions = positions
    this.#tiles.clear()
    this.#joined = ''
    this.#fetched.abort()
    this.#fetched = new AbortController()
    void this.#fetch()
  }

  /**
   * Has what is shown, the moment first.
   *
   * @param {{ start: number, end: number }} shown
   * @param {number} moment
   * @param {{ from: number, to: number }} kept
   */
  want(shown, moment, kept) {
    this.#kept = kept
    this.#wanted = tilesFor(shown, moment, kept)
    for (const tile of this.#wanted.toReversed()) this.#touch(tile)
    void this.#fetch()
  }

  async #fetch() {
    if (this.#isFetching) return
    this.#isFetching = true
    // What is wanted may change with every answer.
    for (let tile = this.#missing(); tile !== undefined; tile = this.#missing()) {
      const { signal } = this.#fetched
      const { to } = this.#kept
      const buffer = await this.#load(tile, signal).catch(() => undefined)
      if (!buffer && !signal.aborted) break
      if (!buffer || signal.aborted) continue
      const isGrowing = (tile + 1) * TILE_SECONDS > to - GROWING_SECONDS
      const againAtMs = isGrowing ? performance.now() + AGAIN_MS : Number.POSITIVE_INFINITY
      const read = { ...readTile(buffer), againAtMs }
      this.#tiles.delete(tile)
      this.#tiles.set(tile, read)
      this.#joined = ''
      if (read.count > 0) {
        this.names = read.names
        this.units = read.units
      }
      for (const old of this.#tiles.keys()) if (this.#tiles.size > MOST_TILES) this.#tiles.delete(old)
      this.#onData()
    }
    this.#isFetching = false
  }

  #missing() {
    const nowMs = performance.now()
    return this.#wanted.find((tile) => (this.#tiles.get(tile)?.againAtMs ?? 0) <= nowMs)
  }

  /** @param {number} tile */
  #touch(tile) {
    const kept = this.#tiles.get(tile)
    if (!kept) return
    this.#tiles.delete(tile)
    this.#tiles.set(tile, kept)
  }

  /** @param {number} tile @param {AbortSignal} signal */
  async #load(tile, signal) {
    const address = addressOf('history/numbers')
    address.searchParams.set('topic', this.#topic)
    address.searchParams.set('tile', String(tile))
    if (this.#positions.length > 0) address.searchParams.set('positions', this.#positions.join())
    const response = await fetch(address, { signal })
    return response.ok ? response.arrayBuffer() : undefined
  }
}
