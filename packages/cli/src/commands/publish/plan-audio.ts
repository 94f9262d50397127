import type { ClipTimeline, LiveSoundSource, VideoFileSource } from '@zcast/publisher/video'
import { formatTopic } from '@zcast/shared'
import { errorMessage, MAX_CHANNELS, SOUND_RATES } from '@zcast/shared/internal'
import type { Arguments } from '../../options/arguments.ts'
import { readNamedSources, type NamedSource } from '../../options/read-live-options.ts'
import type { StreamMember } from './stream-plan.ts'

/** How sound is converted and played. */
interface SoundOptions {
  readonly rate: number | undefined
  readonly channels: number | undefined
  readonly loop: boolean | undefined
  readonly lingerMs: number | undefined
}

/** Reads the options of sound, and its sources; a test tone without one. @throws {@link OptionError} when one is wrong. */
export async function planAudio(
  args: Arguments,
): Promise<{ always: boolean; members: readonly StreamMember[] }> {
  const sources = readNamedSources(args.list('source'), args.text('stream'), { kind: 'audio', usual: 'tone' })
  const { parseSoundSource } = await import('@zcast/publisher/audio')
  const options = readSoundOptions(args)
  const members = sources.map(({ stream, source }) => {
    const spec = parseSoundSource(source)
    const open: StreamMember['open'] = ({ log, signal }) => spec.open({ ...options, log, signal })
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
        return await SoundFileSource.open(source, { ...options, timeline, first, log, signal })
      } catch (error) {
        signal.throwIfAborted()
        log.warning(`${errorMessage(error)}, or --no-audio; its pictures are sent without it`, error)
        return undefined
      }
    },
  }
}

/** The sound of a camera on the network beside its pictures; what it has is known once somebody listens. */
export function planLiveSound({ stream }: NamedSource, sound: LiveSoundSource): StreamMember {
  return {
    stream,
    topic: formatTopic('audio', stream),
    isUncertain: true,
    open: () => Promise.resolve(sound),
  }
}

/** Reads the options of sound. @throws {@link OptionError} when one is wrong. */
export function readSoundOptions(args: Arguments): SoundOptions {
  return {
    rate: args.integer('rate', SOUND_RATES),
    channels: args.integer('channels', { least: 1, most: MAX_CHANNELS }),
    loop: args.flag('no-loop') ? false : args.flag('loop'),
    lingerMs: args.duration('linger'),
  }
}
