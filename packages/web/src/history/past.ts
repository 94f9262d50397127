import type { History } from '@zcast/subscribers'

/** The forms in which a selection is saved. */
export const SELECTION_FORMATS = ['mcap', 'mp4', 'csv'] as const

/** A form in which a selection is saved. */
export type SelectionFormat = (typeof SELECTION_FORMATS)[number]

/** The part of the past that a person wants as a file. */
export interface Selection {
  readonly format: SelectionFormat
  /** Whole names. MP4 and CSV have one; MCAP has all where there is none. */
  readonly topics: readonly string[]
  /** Seconds since the Unix epoch, included. */
  readonly from: number
  /** Seconds since the Unix epoch, included. */
  readonly to: number
}

/** The past that a page shows besides the present, or in its place. */
export interface Past {
  readonly history: History
  /** True for a ring that grows while the page is open, false for a recording that is whole. */
  readonly isLive: boolean
  /**
   * Has what came so far, and cannot be read yet, become readable: a ring writes twice a second. Returns the time up to
   * which it is, in seconds since the Unix epoch, not before the call. Default: all can be read.
   */
  readonly flush?: (() => Promise<number>) | undefined
  /** The forms that {@link Past.save} writes. Default none. */
  readonly formats?: readonly SelectionFormat[] | undefined
  /**
   * Writes a selection to a new file, and gives up when the signal says so, as the page closes.
   *
   * @throws {@link StreamError} When nothing of it can be written; its message is shown on the page.
   */
  readonly save?: ((selection: Selection, path: string, signal?: AbortSignal) => Promise<void>) | undefined
}

/** Which past a page has: a ring has a present too, a recording has none. */
export type KindOfPast = 'none' | 'ring' | 'recording'

/** Which past this is. */
export function kindOfPast(past: Past | undefined): KindOfPast {
  return past === undefined ? 'none' : past.isLive ? 'ring' : 'recording'
}
