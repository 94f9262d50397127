import { OptionError } from '@zcast/shared'
import type { Arguments } from '../options/reading/arguments.ts'
import type { OptionSpecs } from '../options/option-spec.ts'

/** What a page keeps, to be looked at again. */
export interface HistoryPlan {
  readonly seconds: number
  /** Room on the disk. */
  readonly bytes: number
  /** True to keep it only while a page is open. */
  readonly whileOpen: boolean
}

const USUAL_BYTES = 2 ** 30

/** Options of a page that can look back. */
export const HISTORY_OPTIONS: OptionSpecs = {
  history: {
    type: 'string',
    value: 'TIME',
    describe:
      'keep the last minutes on disk, 1s to 24h, and give the page a timeline to look back; video is then received while nobody looks, too [default: nothing is kept]',
  },
  'history-size': {
    type: 'string',
    value: 'SIZE',
    describe: 'with --history, most room on disk; the oldest goes first [default: 1G]',
  },
  'history-while-open': {
    type: 'boolean',
    describe: 'with --history, keep only while a page is open, so that nothing is received for nobody',
  },
}

/** Reads the options of a history; `undefined` without one. @throws {@link OptionError} when one is wrong. */
export function planHistory(args: Arguments): HistoryPlan | undefined {
  const durationMs = args.duration('history', { least: '1s', most: '24h' })
  const bytes = args.byteSize('history-size', { least: '1M' })
  const whileOpen = args.flag('history-while-open') ?? false
  if (durationMs === undefined) {
    const alone = bytes !== undefined ? 'history-size' : whileOpen ? 'history-while-open' : undefined
    if (alone !== undefined) throw new OptionError(`${alone} needs history, such as --history 10m`)
    return undefined
  }
  return { seconds: durationMs / 1000, bytes: bytes ?? USUAL_BYTES, whileOpen }
}
