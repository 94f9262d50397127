/**
 * The numbers of the past come in tiles of ten seconds: which are needed for what a chart shows, and how they become what
 * it draws.
 */

export const TILE_SECONDS = 10
/** As many slices as a chart keeps. */
const MOST_TILES = 60
const SLICES_HEADER_BYTES = 32
/** Of each slice, before its positions, and of each position. */
const [HEAD, VALUES] = [3, 3]

/**
 * A tile as the server sends it.
 *
 * @typedef {object} Tile
 * @property {readonly string[]} names
 * @property {readonly string[]} units
 * @property {number} length Of the longest array.
 * @property {readonly number[]} positions
 * @property {number} count Of slices.
 * @property {Float64Array} slices
 */

/**
 * The tiles that a chart needs, the one of the moment first and then those around it.
 *
 * @param {{ start: number, end: number }} shown
 * @param {number} moment
 * @param {{ from: number, to: number }} kept
 */
export function tilesFor({ start, end }, moment, { from, to }) {
  const first = Math.floor(Math.max(start, from) / TILE_SECONDS)
  const last = Math.floor(Math.min(end, to) / TILE_SECONDS)
  const tiles = Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => first + index)
  const distance = (/** @type {number} */ tile) => Math.abs((tile + 0.5) * TILE_SECONDS - moment)
  return tiles.sort((one, other) => distance(one) - distance(other)).slice(0, MOST_TILES)
}

/** @param {ArrayBuffer} buffer @returns {Tile} */
export function readTile(buffer) {
  const textBytes = new DataView(buffer).getUint32(0, true)
  const { names, units } = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, textBytes)))
  const begin = 8 + Math.ceil(textBytes / 8) * 8
  const view = new DataView(buffer, begin)
  const [lines, count] = [view.getUint32(4, true), view.getUint32(8, true)]
  const floats = new Float64Array(buffer, begin + SLICES_HEADER_BYTES)
  const end = count * (HEAD + VALUES * lines)
  const [length, ...positions] = floats.subarray(end)
  return { names, units, length, positions, count, slices: floats.subarray(0, end) }
}

/**
 * Several tiles as one message of slices, which a chart reads as if it came live. Tiles of other positions than those of
 * the longest arrays are left out.
 *
 * @param {readonly Tile[]} tiles In the order of time.
 */
export function joinTiles(tiles) {
  const longest = tiles.reduce((most, tile) => (tile.length > most.length ? tile : most), tiles[0])
  const fitting = tiles.filter(({ positions }) => positions.join() === longest.positions.join())
  const count = fitting.reduce((sum, tile) => sum + tile.count, 0)
  const floats = fitting.reduce((sum, { slices }) => sum + slices.length, 0)
  const { positions, length } = longest
  const buffer = new ArrayBuffer(SLICES_HEADER_BYTES + (floats + 1 + positions.length) * 8)
  const view = new DataView(buffer)
  view.setUint8(0, 2)
  view.setUint8(1, 2)
  view.setUint32(4, positions.length, true)
  view.setUint32(8, count, true)
  const into = new Float64Array(buffer, SLICES_HEADER_BYTES)
  let at = 0
  for (const { slices } of fitting) {
    into.set(slices, at)
    at += slices.length
  }
  into.set([length, ...positions], at)
  return buffer
}
