import { KINDS, OptionError } from '@zcast/shared'
import { parseEndpoint, parsePeerEndpoint } from '@zcast/shared/internal'
import type { Arguments } from '../../options/arguments.ts'
import type { SubscriptionPlan } from '../../subscription/plan.ts'

/** The sound that belongs to recorded pictures. */
export interface RecordedSoundPlan {
  readonly subscription: SubscriptionPlan
  /** True when somebody said that there is sound; otherwise there is some if its endpoint can be reached. */
  readonly isCertain: boolean
}

/**
 * Plans the subscription to the sound of what is recorded: `audio/main` for `video/main`.
 *
 * @param video - What is recorded.
 * @returns `undefined` when it has no sound, or none is wanted.
 * @throws {@link OptionError}, {@link EndpointError} when an option is wrong.
 */
export function planRecordedSound(args: Arguments, video: SubscriptionPlan): RecordedSoundPlan | undefined {
  const given = args.list('audio-connect')
  for (const endpoint of given) parsePeerEndpoint(endpoint)
  const isLeftOut = args.flag('no-audio') ?? false
  if (isLeftOut && given.length > 0) throw new OptionError('give either audio-connect or no-audio, not both')
  if (args.text('record') === undefined) {
    if (given.length === 0 && !isLeftOut) return undefined
    throw new OptionError(
      `${isLeftOut ? 'no-audio' : 'audio-connect'} is for the sound of a recording: add --record FILE`,
    )
  }
  const connect = given.length > 0 ? given : video.connect.flatMap(soundBeside)
  if (isLeftOut || connect.length === 0) return undefined
  const subscription: SubscriptionPlan = {
    heartbeatMs: video.heartbeatMs,
    maxMessageBytes: video.maxMessageBytes,
    // The pictures' subscription has given the warning about their file.
    keys: { ...video.keys, warning: undefined },
    topics: [...new Set(video.topics.map((topic) => topic.replace(/^video(?:@[^/]*)?\//, 'audio/')))],
    bind: [],
    connect,
    delivery: 'all',
    maxMemoryBytes: undefined,
    maxValues: undefined,
  }
  return { subscription, isCertain: given.length > 0 }
}

/** Where pictures come from their usual port, their sound does from its own. */
function soundBeside(endpoint: string): readonly string[] {
  const parsed = parseEndpoint(endpoint)
  const [pictures, sound] = [KINDS.video.endpoint, KINDS.audio.endpoint].map((usual) =>
    usual.split(':').at(-1),
  )
  if (parsed.transport !== 'tcp' || String(parsed.port) !== pictures) return []
  return [endpoint.replace(/:\d+$/, `:${sound}`)]
}
