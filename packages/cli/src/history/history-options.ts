import { OptionError } from '@zcast/shared'
import { parseByteSize } from '@zcast/shared/internal'
import type { Arguments } from '../options/arguments.ts'
import type { OptionSpecs } from '../options/option-spec.ts'

/** What a page keeps, to be looked at again. */
export interface HistoryPlan {
  readonly seconds: number
  /** Room on the disk. */
  readonly bytes: number
  /** True to keep it only while a page is open. */
  readonly whileOpen: boolean
}

const [LEAST_MS, MOST_MS] = [1000, 24 * 3600 * 1000]
const LEAST_BYTES = 2 ** 20
const USUAL_SIZE = '1G'

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
    describe: `with --history, most room on disk; the oldest goes first [default: ${USUAL_SIZE}]`,
  },
  'history-while-open': {
    type: 'boolean',
    describe: 'with --history, keep only while a page is open, so that nothing is received for nobody',
  },
}

/** Reads the options of a history; `undefined` without one. @throws {@link OptionError} when one is wrong. */
export function planHistory(args: Arguments): HistoryPlan | undefined {
  const durationMs = args.duration('history')
  const size = args.text('history-size')
  const whileOpen = args.flag('history-while-open') ?? false
  if (durationMs === undefined) {
    const alone = size !== undefined ? 'history-size' : whileOpen ? 'history-while-open' : undefined
    if (alone !== undefined) throw new OptionError(`${alone} needs history, such as --history 10m`)
    return undefined
  }
  if (durationMs < LEAST_MS || durationMs > MOST_MS)
    throw new OptionError(`history must be 1s to 24h, got "${args.text('history')}"`)
  const bytes = parseByteSize(size ?? USUAL_SIZE, 'history-size')
  if (bytes < LEAST_BYTES) throw new OptionError(`history-size must be 1M or more, got "${size}"`)
  return { seconds: durationMs / 1000, bytes, whileOpen }
}
