import type { Source } from '@zcast/publisher'
import type {
  ClipTimeline,
  LiveOpening,
  SourceListener,
  VideoFileSource,
  VideoSourceSpec,
} from '@zcast/publisher/video'
import { formatTopic } from '@zcast/shared'
import { hasSecrets, hideSecrets } from '@zcast/shared/internal'
import type { Arguments } from '../../options/reading/arguments.ts'
import type { CommandContext } from '../../command-context.ts'
import {
  readLiveOptions,
  readNamedSources,
  type NamedSource,
} from '../../options/sources/read-live-options.ts'
import { planClipSound, planLiveSound, readSoundOptions, type ClipSound } from './plan-audio.ts'
import type { StreamMember } from './stream-plan.ts'
import { openCache, readVideoOptions, refuseStart } from '../../options/sources/read-video-options.ts'

const EXPOSED =
  'the URL on the command line holds a password or a key, which ps shows to everybody on this machine: set it as "video" ' +
  'in the configuration file, or as ZCAST_VIDEO'

/** The options for opening a video source of any type. */
interface VideoSettings extends LiveOpening {
  readonly options: ReturnType<typeof readVideoOptions>
  readonly timeline?: ClipTimeline | undefined
}

/**
 * Reads the options of video, and its sources: the positional ones, otherwise those of `video`.
 *
 * @param single - True when only video is published, so that positional sources belong to it.
 * @throws {@link OptionError} when one is wrong.
 */
export async function planVideo(
  args: Arguments,
  single: boolean,
): Promise<{ always: boolean; members: readonly StreamMember[]; sounds: readonly StreamMember[] }> {
  const given = single ? args.list('source') : []
  const texts = given.length > 0 ? given : args.list('video')
  const sources = readNamedSources(texts, single ? args.text('stream') : undefined)
  // Loads sharp, which numbers do not need.
  const { ClipTimeline, LiveSoundSource, parseVideoSource, TrustedCertificates } =
    await import('@zcast/publisher/video')
  // ps shows only these; it does not show the same texts from the file or the environment.
  const exposed = process.argv.slice(2).some(hasSecrets)
  const hasPattern = sources.some(({ source }) => source === 'pattern')
  const options = readVideoOptions(args)
  const settings: VideoSettings = {
    options,
    fps: args.numberIn('fps', { least: 0.1, most: 240 }),
    quality: args.integer('quality', { least: 1, most: 100 }),
    width: args.integer('width', { least: hasPattern ? 160 : 16, most: 8192 }),
    loop: args.flag('no-loop') ? false : args.flag('loop'),
    lingerMs: options.lingerMs,
    renditions: options.renditions,
    trusted: new TrustedCertificates(args.list('trust-cert')),
    ...readLiveOptions(args),
  }
  const isHeard = !args.flag('no-audio')
  const planned = sources.map((named): { member: StreamMember; sound?: StreamMember } => {
    const spec = parseVideoSource(named.source)
    if (isHeard && spec.kind === 'file') {
      const sound: ClipSound = { timeline: new ClipTimeline(), clip: undefined }
      const member = planMember(named, spec, { ...settings, timeline: sound.timeline }, exposed)
      return { member: tellWhenOpen(member, sound), sound: planClipSound(args, named, sound) }
    }
    if (isHeard && spec.kind === 'live' && spec.mayHaveSound) {
      const { rate, channels } = readSoundOptions(args)
      const sound = new LiveSoundSource({ name: hideSecrets(named.source), rate, channels })
      const member = planMember(named, spec, { ...settings, sound }, exposed)
      return { member, sound: planLiveSound(args, named, sound) }
    }
    return { member: planMember(named, spec, settings, exposed) }
  })
  return {
    always: options.always,
    members: planned.map(({ member }) => member),
    sounds: planned.flatMap(({ sound }) => sound ?? []),
  }
}

/** What a clip's sound has to know of the clip is known once that is open. */
function tellWhenOpen(member: StreamMember, sound: ClipSound): StreamMember {
  return {
    ...member,
    open: async (context) => {
      const source = await member.open(context)
      if (source && 'firstTime' in source) sound.clip = source as VideoFileSource
      return source
    },
  }
}

function planMember(
  { stream, source }: NamedSource,
  spec: VideoSourceSpec,
  settings: VideoSettings,
  exposed: boolean,
): StreamMember {
  if (spec.kind !== 'file') refuseStart(settings.options, hideSecrets(source))
  return {
    stream,
    topic: formatTopic('video', stream),
    grows: source.startsWith('framed:'),
    open: (context) => {
      if (exposed) context.log.warning(EXPOSED)
      return openSource(spec, settings, context)
    },
  }
}

async function openSource(
  spec: VideoSourceSpec,
  settings: VideoSettings,
  context: CommandContext,
): Promise<Source | SourceListener> {
  const { PatternSource, VideoFileSource } = await import('@zcast/publisher/video')
  const { options, width } = settings
  const { signal, log } = context
  if (spec.kind === 'live')
    return spec.open({ ...settings, log, onEnd: (sentence) => context.status(sentence) })
  if (spec.kind === 'pattern') {
    return new PatternSource({
      ...settings,
      height: width === undefined ? undefined : Math.round((width * 9) / 16),
    })
  }
  if (context.verbose) {
    const { describeFfmpeg } = await import('@zcast/media')
    context.status(await describeFfmpeg())
  }
  const cache = await openCache(options, log)
  const source = await VideoFileSource.open(spec.path, {
    ...settings,
    start: options.start,
    cache,
    log,
    signal,
  })
  for (const note of source.notes) context.status(note)
  return source
}
