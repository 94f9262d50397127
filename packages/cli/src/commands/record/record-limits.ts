import { NumbersCondition, type RecorderOptions, type TriggerRecorderOptions } from '@zcast/recording'
import { OptionError } from '@zcast/shared'
import { parseByteSize, parseDuration } from '@zcast/shared/internal'
import type { Arguments } from '../../options/reading/arguments.ts'

const DURATION = /^[\d.]+(?:ms|s|m|h)$/

/** A size or a time. */
interface Limit {
  readonly bytes?: number
  readonly seconds?: number
}

/** What is kept for a trigger, and what triggers it. */
export type TriggerPlan = Pick<TriggerRecorderOptions, 'preSeconds' | 'postSeconds'> & {
  readonly when: NumbersCondition | undefined
}

/** The options of `zcast record` about its files. */
export interface RecordLimits extends Pick<RecorderOptions, 'split' | 'keep'> {
  /** Default: everything is recorded from the start. */
  readonly trigger: TriggerPlan | undefined
}

/** Reads and checks the options. @throws {@link OptionError} when one is wrong. */
export function readRecordLimits(args: Arguments): RecordLimits {
  const split = readLimit(args, 'split')
  const keep = readLimit(args, 'keep')
  return { ...(split && { split }), ...(keep && { keep }), trigger: readTrigger(args) }
}

/** `1G`, or `10m`: small letters after a number without a letter of a size are a time. */
function readLimit(args: Arguments, name: string): Limit | undefined {
  const text = args.text(name)
  if (text === undefined) return undefined
  return DURATION.test(text) ? { seconds: parseDuration(text, name) / 1000 } : { bytes: readSize(text, name) }
}

function readSize(text: string, name: string): number {
  try {
    return parseByteSize(text, name)
  } catch (error) {
    throw new OptionError(
      `${name} must be a size such as 500M or 2G, or a time such as 10m or 24h, got "${text}"`,
      {
        cause: error,
      },
    )
  }
}

function readTrigger(args: Arguments): TriggerPlan | undefined {
  const preMs = args.duration('pre')
  const postMs = args.duration('post')
  const text = args.text('when')
  const when = text === undefined ? undefined : NumbersCondition.parse(text)
  if (preMs === undefined) {
    const given = postMs === undefined ? (when ? 'when' : undefined) : 'post'
    if (given !== undefined)
      throw new OptionError(`${given} needs pre: say how much to keep from before, such as --pre 30s`)
    return undefined
  }
  if (preMs === 0) throw new OptionError('pre must be more than 0, such as 30s')
  if (postMs === 0) throw new OptionError('post must be more than 0, such as 10s')
  return { preSeconds: preMs / 1000, postSeconds: postMs === undefined ? undefined : postMs / 1000, when }
}
