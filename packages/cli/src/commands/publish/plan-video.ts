import type { Source } from '@zcast/publisher'
import type { LiveOpening, SourceListener, VideoSourceSpec } from '@zcast/publisher/video'
import { formatTopic, hasSecrets, hideSecrets } from '@zcast/shared'
import type { Arguments } from '../../options/arguments.ts'
import type { CommandContext } from '../../command-context.ts'
import { readLiveOptions, readNamedSources, type NamedSource } from '../../options/read-live-options.ts'
import type { StreamMember } from './stream-plan.ts'
import { openCache, readVideoOptions, refuseStart } from '../../options/read-video-options.ts'

const EXPOSED =
  'the URL on the command line holds a password or a key, which ps shows to everybody on this machine: set it as "video" ' +
  'in the configuration file, or as ZCAST_VIDEO'

/** The options for opening a video source of any type. */
interface VideoSettings extends LiveOpening {
  readonly options: ReturnType<typeof readVideoOptions>
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
): Promise<{ always: boolean; members: readonly StreamMember[] }> {
  const given = single ? args.list('source') : []
  const texts = given.length > 0 ? given : args.list('video')
  const sources = readNamedSources(texts, single ? args.text('stream') : undefined)
  // Loads sharp, which numbers do not need.
  const { parseVideoSource, TrustedCertificates } = await import('@zcast/publisher/video')
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
  const members = sources.map((named) => planMember(named, parseVideoSource(named.source), settings, exposed))
  return { always: options.always, members }
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
