import { OptionError } from '@zcast/shared'
import type { Arguments } from '../../options/reading/arguments.ts'
import { parseDurationOrTime } from '../../options/reading/parse-time.ts'

/** Seconds after a beginning, or since the Unix epoch. */
type Place = { readonly after: number } | { readonly at: number }

/** The part of a recording that was asked for. */
export interface PlayRange {
  readonly from: Place | undefined
  readonly to: Place | undefined
}

/** Reads `from` and `to`. @throws {@link OptionError} when one is neither a duration nor a time. */
export function planRange(args: Arguments): PlayRange {
  return { from: readPlace(args, 'from'), to: readPlace(args, 'to') }
}

/**
 * Where that is in a recording.
 *
 * @param within - When the recording begins and ends, in seconds since the Unix epoch.
 * @throws {@link OptionError} when it has nothing there.
 */
export function findRange(
  { from, to }: PlayRange,
  within: { readonly from: number; readonly to: number },
): { readonly from: number; readonly to: number } {
  const placed = (place: Place): number => ('at' in place ? place.at : within.from + place.after)
  const begin = from ? placed(from) : within.from
  const end = to ? placed(to) : within.to
  const has = `the recording has ${(within.to - within.from).toFixed(1)} s from ${formatTime(within.from)}`
  if (begin > within.to) throw new OptionError(`from is after the end: ${has}`)
  if (end < within.from) throw new OptionError(`to is before the beginning: ${has}`)
  if (end < begin) throw new OptionError('to must not be before from')
  return { from: Math.max(begin, within.from), to: Math.min(end, within.to) }
}

function readPlace(args: Arguments, name: 'from' | 'to'): Place | undefined {
  const text = args.text(name)
  if (text === undefined) return undefined
  const place = parseDurationOrTime(text, name)
  return typeof place === 'number' ? { after: place / 1000 } : { at: place.getTime() / 1000 }
}

/** `2026-11-26T07:07:23.991Z`. */
export function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
