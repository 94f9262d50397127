import { formatTopic, KINDS, OptionError, parseTopic } from '@zcast/shared'
import { parseEndpoint, parsePeerEndpoint } from '@zcast/shared/internal'
import type { Arguments } from '../../options/reading/arguments.ts'
import type { SubscriptionPlan } from '../../subscription/plan.ts'

/** The subscription to the sound beside a viewer's pictures. */
export interface SoundPlan {
  readonly plan: SubscriptionPlan
  /** True when it was asked for, so that what goes wrong with it is worth a warning. */
  readonly isExpected: boolean
}

/**
 * Plans the sound that the page of a viewer can play, or that is recorded: `audio/main` beside `video/main`, at the endpoints in the option
 * `audio`; by default where the publishers of pictures have it, if their own port is the default one too.
 *
 * @returns `undefined` when there is none.
 * @throws {@link OptionError}, {@link EndpointError} when an option is wrong.
 */
export function planSound(
  args: Arguments,
  pictures: SubscriptionPlan,
  { isPage, isRecorded }: { readonly isPage: boolean; readonly isRecorded: boolean },
): SoundPlan | undefined {
  const given = args.list('audio')
  const isOff = args.flag('no-audio') ?? false
  if (!isPage && args.text('sync') !== undefined)
    throw new OptionError('sync applies to the web page only: "zcast listener" plays sound by itself')
  if (!isPage && !isRecorded && (isOff || given.length > 0))
    throw new OptionError(
      'audio and no-audio apply to the web page and to --record only: "zcast listener" plays sound by itself',
    )
  if (isOff && given.length > 0) throw new OptionError('give either audio or no-audio, not both')
  for (const endpoint of given) parsePeerEndpoint(endpoint)
  const connect = given.length > 0 ? given : pictures.connect.flatMap(besideOf)
  if (isOff || !(isPage || isRecorded) || connect.length === 0) return undefined
  // Sound comes in zcast's own format.
  const { keys, rendition: _, format: _format, ...common } = pictures
  const plan: SubscriptionPlan = {
    ...common,
    // The warning about their file is given once.
    keys: { ...keys, warning: undefined },
    topics: [...new Set(pictures.topics.map(soundOf))],
    bind: [],
    connect,
    delivery: KINDS.audio.delivery,
    maxMemoryBytes: undefined,
    maxValues: undefined,
  }
  return { plan, isExpected: given.length > 0 }
}

/** The default endpoint of sound on the host of the default endpoint of pictures. */
function besideOf(endpoint: string): string[] {
  const pictures = parseEndpoint(endpoint)
  const [own, sound] = [parseEndpoint(KINDS.video.endpoint), KINDS.audio.endpoint.split(':').at(-1)]
  if (pictures.transport !== 'tcp' || own.transport !== 'tcp' || pictures.port !== own.port) return []
  return [endpoint.replace(/\d+$/, String(sound))]
}

function soundOf(topic: string): string {
  const parsed = parseTopic(topic)
  return parsed ? formatTopic('audio', parsed.stream) : 'audio/'
}
