import { rm } from 'node:fs/promises'
import type { History, HistoryRange } from '@zcast/subscribers'
import { historyItems } from './history-items.ts'
import { OpenRecording } from './open-recording.ts'
import { retainedValues } from './retained-values.ts'
import { toNanoseconds } from './recording-time.ts'

/** What {@link saveSelection} has written. */
export interface SavedSelection {
  readonly path: string
  /** Of the file. */
  readonly bytes: number
  /** Values that are in it. */
  readonly values: number
}

/** Options of {@link saveSelection}. */
export interface SaveOptions extends HistoryRange {
  /** Gives up, and leaves no file behind. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Writes a selection of a history to a whole MCAP file of its own: its values with the times at which they came, their
 * numbers and epochs, what was lost, and the lines of the log. Its accounts count what is in it; pictures that were
 * skipped for newer ones came, and are not in it (`unwritten`). It begins with what held at its start, as a file that goes
 * on from another does.
 *
 * @throws {@link OptionError} `ERR_OPTION` when the file exists already.
 * @throws {@link SinkError} `ERR_SINK` when it cannot be written: nothing is left of it then.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { HistoryRing, saveSelection } from '@zcast/recording'
 *
 * const ring = await HistoryRing.open({ seconds: 600, bytes: 2 ** 30 })
 * const path = join(await mkdtemp(join(tmpdir(), 'saved-')), 'moment.mcap')
 * await saveSelection(ring, path, { topics: ['numbers/imu'], from: Date.now() / 1000 - 10 })
 * await ring.close()
 * ```
 */
export async function saveSelection(
  history: History,
  path: string,
  { signal, ...range }: SaveOptions = {},
): Promise<SavedSelection> {
  const recording = await OpenRecording.create(path)
  const { from = history.from, topics } = range
  try {
    if (from !== undefined && Number.isFinite(from)) {
      const retained = await retainedValues(history, from, (topic) => topics?.includes(topic) ?? true)
      for (const envelope of retained.within().values) recording.retain(envelope, toNanoseconds(from))
    }
    for await (const item of historyItems(history, range)) {
      signal?.throwIfAborted()
      if (item.type === 'loss') recording.addLoss(item.loss)
      else if (item.type === 'line') recording.addLine(item.line)
      else await recording.add(item.block.envelope, toNanoseconds(item.time), false)
    }
  } catch (error) {
    await recording.close().catch(() => undefined)
    await rm(path, { force: true })
    throw error
  }
  try {
    await recording.close()
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  const { bytes, recorded } = recording.progress()
  return { path, bytes, values: recorded }
}
