import type { ClipTimeline, LiveSoundSource, VideoFileSource } from '@zcast/publisher/video'
import type { Source } from '@zcast/publisher'
import { formatTopic, OptionError } from '@zcast/shared'
import {
  errorMessage,
  MAX_CHANNELS,
  MAX_OPUS_CHANNELS,
  OPUS_RATES,
  SOUND_RATES,
} from '@zcast/shared/internal'
import type { Arguments } from '../../options/reading/arguments.ts'
import { readNamedSources, type NamedSource } from '../../options/sources/read-live-options.ts'
import type { StreamMember } from './stream-plan.ts'

const DEFAULT_OPUS_RATE = 48_000

/** How sound is converted and played. */
interface SoundOptions {
  readonly rate: number | undefined
  readonly channels: number | undefined
  readonly loop: boolean | undefined
  readonly lingerMs: number | undefined
  readonly isOpus: boolean
}

/** Reads the options of sound, and its sources; a test tone without one. @throws {@link OptionError} when one is wrong. */
export async function planAudio(
  args: Arguments,
): Promise<{ always: boolean; members: readonly StreamMember[] }> {
  if (args.text('audio-bind') !== undefined)
    throw new OptionError('audio-bind is for the sound beside video: use bind with "publish audio"')
  if (args.flag('no-audio'))
    throw new OptionError('no-audio leaves out the sound of video: there is none here')
  const sources = readNamedSources(args.list('source'), args.text('stream'), { kind: 'audio', usual: 'tone' })
  const { parseSoundSource } = await import('@zcast/publisher/audio')
  const options = readSoundOptions(args)
  // On standard input it says more than how to convert: that there are bare samples.
  const rate = args.integer('rate', SOUND_RATES)
  const members = sources.map(({ stream, source }) => {
    const spec = parseSoundSource(source)
    const open: StreamMember['open'] = async ({ log, signal }) =>
      inFormat(await spec.open({ ...options, ...(source === '-' && { rate }), log, signal }), options)
    return { stream, topic: formatTopic('audio', stream), open }
  })
  return { always: args.flag('always') ?? false, members }
}

/** What the sound of a clip has from its pictures. */
export interface ClipSound {
  readonly timeline: ClipTimeline
  /** Once it is open. */
  clip: VideoFileSource | undefined
}

/** The sound of a clip beside its pictures; nothing is sent of a clip without sound. */
export function planClipSound(
  args: Arguments,
  { stream, source }: NamedSource,
  sound: ClipSound,
): StreamMember {
  const options = readSoundOptions(args)
  return {
    stream,
    topic: formatTopic('audio', stream),
    open: async ({ log, signal }) => {
      const { timeline, clip } = sound
      if (!clip?.video.hasSound) return undefined
      const { SoundFileSource } = await import('@zcast/publisher/audio')
      const first = clip.firstTime
      try {
        const opened = await SoundFileSource.open(source, { ...options, timeline, first, log, signal })
        return opened && (await inFormat(opened, options))
      } catch (error) {
        signal.throwIfAborted()
        log.warning(`${errorMessage(error)}, or --no-audio; its pictures are sent without it`, error)
        return undefined
      }
    },
  }
}

/** The sound of a camera on the network beside its pictures; what it has is known once somebody listens. */
export function planLiveSound(
  args: Arguments,
  { stream }: NamedSource,
  sound: LiveSoundSource,
): StreamMember {
  const options = readSoundOptions(args)
  return {
    stream,
    topic: formatTopic('audio', stream),
    isUncertain: true,
    open: () => inFormat(sound, options),
  }
}

async function inFormat(source: Source, { isOpus }: SoundOptions): Promise<Source> {
  if (!isOpus) return source
  const { OpusSource } = await import('@zcast/publisher/audio')
  return new OpusSource(source)
}

/** Reads the options of sound. @throws {@link OptionError} when one is wrong. */
export function readSoundOptions(args: Arguments): SoundOptions {
  const isOpus = args.text('audio-format') === 'opus'
  const rate = args.integer('rate', SOUND_RATES)
  const channels = args.integer('channels', { least: 1, most: isOpus ? MAX_OPUS_CHANNELS : MAX_CHANNELS })
  if (isOpus && rate !== undefined && !OPUS_RATES.has(rate))
    throw new OptionError(
      `rate must be one of ${[...OPUS_RATES].join(', ')} with --audio-format opus, got ${rate}`,
    )
  return {
    rate: rate ?? (isOpus ? DEFAULT_OPUS_RATE : undefined),
    channels: channels ?? (isOpus ? MAX_OPUS_CHANNELS : undefined),
    loop: args.flag('no-loop') ? false : args.flag('loop'),
    lingerMs: args.duration('linger'),
    isOpus,
  }
}
