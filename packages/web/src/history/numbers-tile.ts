import { setImmediate } from 'node:timers/promises'
import type { NumbersBlock } from '@zcast/shared'
import type { History } from '@zcast/subscribers'
import { ColumnBudget } from '../dashboard/column-budget.ts'
import { encodeSlices } from '../dashboard/encode-slices.ts'
import { NumbersHistory, SLICE_SECONDS } from '../dashboard/numbers-history.ts'

/** The stretch of time that is read at once; tile N begins at N times this, in seconds since the Unix epoch. */
export const TILE_SECONDS = 10
/** Read before it as well, so that it is known what is missing at its beginning. */
const BEFORE_SECONDS = 1
const CAPACITY = Math.ceil((TILE_SECONDS + 4 * BEFORE_SECONDS) / SLICE_SECONDS)
/** A clock that differs by more is another clock: its values are drawn when they came. */
const SAME_CLOCK_SECONDS = 1
/** Others get their turn after this time of reading. */
const TURN_MS = 5
/** Names and units that a page is told. */
const MOST_LABELS = 256
const DEFAULT_POSITIONS = 32

/** What is asked for. */
export interface NumbersTile {
  readonly topic: string
  /** The number of the tile. */
  readonly tile: number
  /** Default: the first 32. */
  readonly positions: readonly number[] | undefined
}

/**
 * Reads the numbers of a stretch of the past, summed up as the live chart sums them up. The answer begins with uint32,
 * the length of a JSON text, and 4 bytes of nothing; the text (`names`, `units`) follows, padded to a multiple of 8;
 * then the slices, as a page is sent them live (`encode-slices.ts`).
 *
 * @param isWanted - False once nobody waits for it.
 */
export async function readNumbersTile(
  history: History,
  { topic, tile, positions }: NumbersTile,
  isWanted: () => boolean,
): Promise<Uint8Array> {
  const [from, to] = [tile * TILE_SECONDS, (tile + 1) * TILE_SECONDS]
  const slices = new NumbersHistory(new ColumnBudget(), CAPACITY)
  let labels: { names?: readonly string[] | undefined; units?: readonly string[] | undefined } = {}
  let shift: number | undefined
  let turnedAtMs = performance.now()
  const range = { topics: [topic], from: from - BEFORE_SECONDS, to: to + BEFORE_SECONDS }
  let held = await heldAtBeginning(history, topic, [from, to])
  const addHeld = (): void => {
    if (!held) return
    slices.want(positions ?? [])
    slices.add(held, { retained: true })
    labels = held
    held = undefined
  }
  for await (const { recordedAt, envelope } of history.blocks(range)) {
    const { block } = envelope
    if (!isWanted()) break
    if (block.kind !== 'numbers') continue
    const apart = recordedAt - block.time
    shift ??= Math.abs(apart) > SAME_CLOCK_SECONDS ? apart : 0
    if (held && block.time + shift > held.time) addHeld()
    held = undefined
    slices.want(positions ?? [])
    slices.add({ ...block, time: block.time + shift }, envelope)
    labels = block
    if (performance.now() - turnedAtMs > TURN_MS) {
      await setImmediate()
      turnedAtMs = performance.now()
    }
  }
  addHeld()
  return pack(labels, slices, positions, [from, to])
}

/** What held when a history begins, in the stretch of time in which it does. */
async function heldAtBeginning(
  history: History,
  topic: string,
  [from, to]: readonly [number, number],
): Promise<NumbersBlock | undefined> {
  const time = history.from
  if (time === undefined || time < from || time >= to) return undefined
  const latest = await history.latest(topic, time)
  const block = latest?.isRetained ? latest.envelope.block : undefined
  return block?.kind === 'numbers' ? { ...block, time } : undefined
}

function pack(
  {
    names = [],
    units = [],
  }: { names?: readonly string[] | undefined; units?: readonly string[] | undefined },
  slices: NumbersHistory,
  positions: readonly number[] | undefined,
  [from, to]: readonly [number, number],
): Uint8Array {
  const { oldest, newest, length } = slices
  let first = oldest
  while (first <= newest && slices.slice(first)[0] < from) first += 1
  let last = newest
  while (last >= first && slices.slice(last)[0] >= to) last -= 1
  const shown = positions ?? Array.from({ length: Math.min(length, DEFAULT_POSITIONS) }, (_, at) => at)
  const known = shown.filter((position) => position < length)
  const text = Buffer.from(
    JSON.stringify({ names: names.slice(0, MOST_LABELS), units: units.slice(0, MOST_LABELS) }),
  )
  const begin = 8 + Math.ceil(text.byteLength / 8) * 8
  const body = encodeSlices(slices, first, known, last)
  const message = new Uint8Array(begin + body.byteLength)
  new DataView(message.buffer).setUint32(0, text.byteLength, true)
  message.set(text, 8)
  message.set(body, begin)
  return message
}
